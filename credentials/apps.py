from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "credentials"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Credentials")

    def ready(self) -> None:
        from credentials.queries.impact import has_open_case
        from registry.permissions import counts_as_measure
        from registry.queries import counts_as_look

        counts_as_look("credentials.check_one", _("A facility checked your certificate"))
        counts_as_measure(has_open_case)

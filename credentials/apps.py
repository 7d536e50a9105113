from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "credentials"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Credentials")

    def ready(self) -> None:
        from registry.queries import counts_as_look

        counts_as_look("credentials.check_one", _("A facility checked your certificate"))

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class CmsConfig(AppConfig):
    name = "cms"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = pgettext_lazy("room", "Site")

    def ready(self) -> None:
        from cms.signals import connect

        connect()

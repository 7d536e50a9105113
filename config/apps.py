from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule

ROOMS = ("audit", "registry", "credentials", "trainers", "lms", "oversight", "cms")


class WiringConfig(AppConfig):
    name = "config"
    label = "wiring"

    def ready(self) -> None:
        """Every process, web or worker, knows the outbox's handlers and the sign-in door's receivers."""
        import_module("config.accounts")
        for room in ROOMS:
            if module_has_submodule(apps.get_app_config(room).module, "effects"):
                import_module(f"{room}.effects")

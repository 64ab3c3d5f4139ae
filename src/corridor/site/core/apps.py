"""The core app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Core(AppConfig):
    """Finds every app's ``jobs.py`` once all models are known."""

    name = "corridor.site.core"
    label = "core"

    def ready(self) -> None:
        """Register the jobs of all apps, and the core's own."""
        from . import daily  # noqa: F401

        autodiscover_modules("jobs")

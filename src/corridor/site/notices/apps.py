"""The notices app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class Notices(AppConfig):
    """Notices in the site and by mail."""

    name = "corridor.site.notices"
    label = "notices"

    def ready(self) -> None:
        """Know every app's kinds of notices, declared in its ``notices.py``."""
        autodiscover_modules("notices")

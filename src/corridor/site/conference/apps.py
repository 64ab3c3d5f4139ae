"""The conference app."""

from django.apps import AppConfig


class ConferenceApp(AppConfig):
    """Docking conferences."""

    name = "corridor.site.conference"
    label = "conference"

    def ready(self) -> None:
        """Follow what becomes of the introductions that meetings stand on."""
        from . import following

        following.connect()

"""The docking app."""

from django.apps import AppConfig


class Docking(AppConfig):
    """Matches and introductions."""

    name = "corridor.site.docking"
    label = "docking"

"""The desks app."""

from django.apps import AppConfig


class Desks(AppConfig):
    """Desks."""

    name = "corridor.site.desks"
    label = "desks"

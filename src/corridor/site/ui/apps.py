"""The app."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags and static files used by every app."""

    name = "corridor.site.ui"
    label = "ui"

"""The api app."""

from django.apps import AppConfig


class Api(AppConfig):
    """The API."""

    name = "corridor.site.api"
    label = "api"

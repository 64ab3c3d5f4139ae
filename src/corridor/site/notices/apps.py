"""The notices app."""

from django.apps import AppConfig


class Notices(AppConfig):
    """Notices in the site and by mail."""

    name = "corridor.site.notices"
    label = "notices"

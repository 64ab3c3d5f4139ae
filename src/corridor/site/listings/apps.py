"""The listings app."""

from django.apps import AppConfig


class Listings(AppConfig):
    """Needs and offers."""

    name = "corridor.site.listings"
    label = "listings"

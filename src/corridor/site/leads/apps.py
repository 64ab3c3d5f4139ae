"""The leads app."""

from django.apps import AppConfig


class Leads(AppConfig):
    """Leads."""

    name = "corridor.site.leads"
    label = "leads"

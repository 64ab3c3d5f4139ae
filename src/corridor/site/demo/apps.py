"""The demo app; only installed where ``CORRIDOR_DEMO`` is set."""

from django.apps import AppConfig


class Demo(AppConfig):
    """The demo's role bar and tour."""

    name = "corridor.site.demo"
    label = "demo"

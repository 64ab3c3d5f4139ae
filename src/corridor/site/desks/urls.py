"""Addresses of the desks app."""

from django.urls.resolvers import URLPattern, URLResolver

app_name = "desks"
urlpatterns: list[URLPattern | URLResolver] = []

"""Addresses of the docking app."""

from django.urls.resolvers import URLPattern, URLResolver

app_name = "docking"
urlpatterns: list[URLPattern | URLResolver] = []

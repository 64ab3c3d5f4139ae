"""Addresses of the api app."""

from django.urls.resolvers import URLPattern, URLResolver

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = []

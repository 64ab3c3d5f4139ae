"""Addresses of the leads app."""

from django.urls.resolvers import URLPattern, URLResolver

app_name = "leads"
urlpatterns: list[URLPattern | URLResolver] = []

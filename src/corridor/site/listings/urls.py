"""Addresses of the listings app."""

from django.urls.resolvers import URLPattern, URLResolver

app_name = "listings"
urlpatterns: list[URLPattern | URLResolver] = []

"""Addresses of the leads app."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from . import front, views

app_name = "leads"
urlpatterns: list[URLPattern | URLResolver] = [
    path("leads/", views.index, name="list"),
    path("leads/new/", front.new, name="new"),
    path("leads/received/<str:token>/", front.received, name="received"),
    path("leads/status/", front.status, name="status"),
    path("leads/card/", views.card, name="card"),
    path("leads/clocks/", views.lengths, name="clocks"),
    path("leads/<str:ref>/", views.detail, name="detail"),
    path("leads/<str:ref>/<str:name>/", views.verb, name="verb"),
]

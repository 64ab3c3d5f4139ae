"""Addresses of the api app: the page of programs, and the API itself."""

from django.urls import include, path

from . import views
from .service import ROOT, api

app_name = "api"
urlpatterns = [
    path("programs/", views.programs, name="programs"),
    path("programs/tokens/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("programs/webhooks/", views.add_hook, name="add_hook"),
    path("programs/webhooks/<int:pk>/end/", views.end_hook, name="end_hook"),
    path("programs/deliveries/<int:pk>/replay/", views.replay, name="replay"),
    path(f"{ROOT[1:]}openapi.json", views.openapi, name="openapi"),
    path(ROOT[1:], include(api.urls[0])),
]

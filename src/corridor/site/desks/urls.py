"""Addresses of the desks app."""

from django.urls import path

from . import views

app_name = "desks"
urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/numbers/", views.numbers, name="numbers"),
    path("desk/exits/", views.exits, name="exits"),
]

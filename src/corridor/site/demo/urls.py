"""Addresses of the demo."""

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("as/<slug:username>/", views.look_as, name="as"),
    path("tour/<int:number>/", views.take_tour, name="tour"),
]

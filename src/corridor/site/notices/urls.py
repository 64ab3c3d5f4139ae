"""Addresses of the notices app."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("notices/", views.index, name="list"),
    path("notices/read/", views.read_all, name="read_all"),
    path("notices/<int:pk>/", views.follow, name="follow"),
    path("notices/<int:pk>/read/", views.read, name="read"),
]

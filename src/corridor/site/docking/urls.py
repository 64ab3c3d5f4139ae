"""Addresses of the docking app."""

from django.urls import path

from . import views

app_name = "docking"
urlpatterns = [
    path("matches/<str:ref>/", views.matches, name="matches"),
    path("matches/<str:ref>/unsuitable/", views.unsuitable, name="unsuitable"),
    path("introductions/", views.introductions, name="introductions"),
    path("introductions/new/<str:ref>/", views.introduce, name="introduce"),
    path("introductions/<str:ref>/", views.introduction, name="introduction"),
    path("introductions/<str:ref>/<str:verb>/", views.verb, name="verb"),
]

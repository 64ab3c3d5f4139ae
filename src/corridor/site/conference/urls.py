"""Addresses of the conference app, under /conferences/."""

from django.urls.resolvers import URLPattern

app_name = "conference"
#: For who runs a conference: set up, timetable, the day, its report.
ORGANISER: list[URLPattern] = []
#: For who takes part, and for anyone who looks.
PARTICIPANT: list[URLPattern] = []
urlpatterns = ORGANISER + PARTICIPANT

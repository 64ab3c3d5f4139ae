"""Addresses of the conference app, under /conferences/."""

from django.urls import path
from django.urls.resolvers import URLPattern

from .views import (
    agenda,
    day,
    meeting_others,
    organising,
    people,
    planning,
    reporting,
    taking_part,
    talks,
    venue,
)

app_name = "conference"
#: For who runs a conference: set up, timetable, the day, its report.
ORGANISER: list[URLPattern] = [
    path("organised/", organising.index, name="organised"),
    path("new/", organising.new, name="new"),
    path("screen/<str:code>/", day.screen, name="screen"),
    path("<str:ref>/manage/", organising.manage, name="manage"),
    path("<str:ref>/manage/do/<str:verb>/", organising.verb, name="verb"),
    path("<str:ref>/manage/setup/", organising.setup, name="setup"),
    path("<str:ref>/manage/venue/", venue.venue, name="venue"),
    path("<str:ref>/manage/venue/<str:what>/", venue.arrange, name="venue_verb"),
    path("<str:ref>/manage/halls/<int:pk>/", venue.hall, name="hall"),
    path("<str:ref>/manage/interpreters/<int:pk>/", venue.interpreter, name="interpreter"),
    path("<str:ref>/manage/people/", people.index, name="people"),
    path("<str:ref>/manage/people/<int:number>/", people.person, name="person"),
    path("<str:ref>/manage/people/<int:number>/<str:verb>/", people.verb, name="person_verb"),
    path("<str:ref>/manage/meetings/", talks.index, name="meetings"),
    path("<str:ref>/manage/meetings/new/", talks.together, name="together"),
    path("<str:ref>/manage/meetings/<str:introduction>/", talks.meeting, name="arrange"),
    path(
        "<str:ref>/manage/meetings/<str:introduction>/<str:verb>/", talks.verb, name="arrange_verb"
    ),
    path("<str:ref>/plan/", planning.plan, name="plan"),
    path("<str:ref>/plan/<str:verb>/", planning.verb, name="plan_verb"),
    path("<str:ref>/board/", day.board, name="board"),
    path("<str:ref>/door/", day.door, name="door"),
    path("<str:ref>/tables/", day.tables, name="tables"),
    path("<str:ref>/report/", reporting.report, name="report"),
]
#: For who takes part, and for anyone who looks.
PARTICIPANT: list[URLPattern] = [
    path("", taking_part.listed, name="list"),
    path("t/<str:code>/", agenda.table, name="table"),
    path("feed/<str:code>.ics", agenda.feed, name="feed"),
    path("<str:ref>/", taking_part.detail, name="detail"),
    path("<str:ref>/register/", taking_part.register, name="register"),
    path("<str:ref>/withdraw/", taking_part.withdraw, name="withdraw"),
    path("<str:ref>/invite/", taking_part.invite, name="invite"),
    path("<str:ref>/catalogue/", meeting_others.catalogue, name="catalogue"),
    path("<str:ref>/ask/<str:listing>/", meeting_others.ask, name="ask"),
    path("<str:ref>/requests/", meeting_others.requests, name="requests"),
    path("<str:ref>/meetings/<str:talk>/", meeting_others.meeting, name="meeting"),
    path("<str:ref>/meetings/<str:talk>/<str:verb>/", meeting_others.verb, name="meeting_verb"),
    path("<str:ref>/agenda/", agenda.agenda, name="agenda"),
    path("<str:ref>/agenda/feed/", agenda.renew, name="renew_feed"),
    path("<str:ref>/late/", taking_part.late, name="late"),
    path("<str:ref>/badge/", agenda.badge, name="badge"),
]
urlpatterns = ORGANISER + PARTICIPANT

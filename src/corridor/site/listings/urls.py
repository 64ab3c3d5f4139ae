"""Addresses of the listings app."""

from django.urls import path
from django.urls.resolvers import URLPattern, URLResolver

from .views import files, finding, publishing, review, standing, watching

app_name = "listings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("listings/", finding.found, name="list"),
    path("listings/read/", finding.read, name="read"),
    path("listings/saved/", watching.saved, name="saved"),
    path("listings/saved/<int:pk>/forget/", watching.forget, name="forget"),
    path("listings/reports/", watching.queue, name="reports"),
    path("listings/reports/<int:pk>/", watching.decide, name="decide"),
    path("listings/new/", publishing.new, name="new"),
    path("listings/mine/", standing.mine, name="mine"),
    path("listings/review/", review.queue, name="review"),
    path("listings/review/<str:ref>/", review.one, name="review_one"),
    path("listings/import/", files.take, name="import"),
    path("listings/import/template/", files.template, name="template"),
    path("listings/import/<int:pk>/", files.taken, name="imported"),
    path("listings/export/", files.export, name="export"),
    path("listings/<str:ref>/edit/<int:step>/", publishing.edit, name="edit"),
    path("listings/<str:ref>/revise/", publishing.revise, name="revise"),
    path("listings/<str:ref>/discard/", publishing.discard, name="discard"),
    path("listings/<str:ref>/renew/", standing.renew, name="renew"),
    path("listings/<str:ref>/close/", standing.close, name="close"),
    path("listings/<str:ref>/hide/", standing.moderate, {"verb": "hide"}, name="hide"),
    path("listings/<str:ref>/restore/", standing.moderate, {"verb": "restore"}, name="restore"),
    path("listings/<str:ref>/versions/", review.versions, name="versions"),
    path("listings/<str:ref>/report/", watching.report, name="report"),
    path("listings/<str:ref>/", finding.detail, name="detail"),
]

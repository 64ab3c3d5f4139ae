"""Every address of the site. The table of tests/site/permissions.toml has a row for each."""

from django.conf import settings
from django.urls import include, path

from .core.urls import account
from .core.views import language

urlpatterns = [
    path("", include("corridor.site.ui.urls")),
    path("account/", include(account)),
    path("language/", language, name="set_language"),
    path("", include("corridor.site.core.urls")),
    path("", include("corridor.site.notices.urls")),
    path("", include("corridor.site.listings.urls")),
    path("", include("corridor.site.docking.urls")),
    path("", include("corridor.site.leads.urls")),
    path("conferences/", include("corridor.site.conference.urls")),
    path("", include("corridor.site.desks.urls")),
    path("", include("corridor.site.api.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("corridor.site.demo.urls")))

handler400 = "corridor.site.core.middleware.bad_request"
handler403 = "corridor.site.core.middleware.forbidden"
handler404 = "corridor.site.core.middleware.not_found"
handler500 = "corridor.site.core.middleware.server_error"

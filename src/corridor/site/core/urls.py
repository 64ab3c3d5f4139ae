"""Addresses of the core app, and those of allauth that the site uses."""

from allauth.account import views as login
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path

from . import views

app_name = "core"

#: allauth finds its own pages by these names.
account = [
    path("login/", login.login, name="account_login"),
    path("logout/", login.logout, name="account_logout"),
    path("password/", login.password_change, name="account_change_password"),
    path("password/set/", login.password_set, name="account_set_password"),
    path("again/", login.reauthenticate, name="account_reauthenticate"),
    path("inactive/", login.account_inactive, name="account_inactive"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("factor/", mfa.index, name="mfa_index"),
    path("factor/login/", mfa.authenticate, name="mfa_authenticate"),
    path("factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("factor/totp/", totp.activate_totp, name="mfa_activate_totp"),
    path("factor/totp/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("factor/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factor/codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "factor/codes/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"
    ),
]

urlpatterns = [
    path("acting/", views.acting, name="acting"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/cancel/", views.cancel_job, name="job_cancel"),
    path("files/<str:key>/", views.file, name="file"),
]

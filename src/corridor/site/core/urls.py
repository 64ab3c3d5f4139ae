"""Addresses of the core app, and those of allauth that the site uses."""

from allauth.account import views as login
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import path

from . import joining, members, views

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
    path("join/", joining.join, name="join"),
    path("join/<str:code>/", joining.invitation, name="invitation"),
    path("parties/", members.parties, name="parties"),
    path("parties/new/", members.party_new, name="party_new"),
    path("parties/<int:pk>/", members.party, name="party"),
    path("parties/<int:pk>/edit/", members.party_edit, name="party_edit"),
    path("parties/<int:pk>/verify/", members.party_verify, name="party_verify"),
    path("parties/<int:pk>/members/", members.members, name="party_members"),
    path("members/", members.members, name="members"),
    path("members/<int:pk>/end/", members.member, {"verb": "end"}, name="member_end"),
    path("members/<int:pk>/appoint/", members.member, {"verb": "appoint"}, name="member_appoint"),
    path("members/<int:pk>/relieve/", members.member, {"verb": "relieve"}, name="member_relieve"),
    path("members/<int:pk>/password/", members.member_password, name="member_password"),
    path("members/<int:pk>/factor/", members.member_factor, name="member_factor"),
    path("account/password/<str:number>/<str:token>/", joining.password_new, name="password_new"),
    path("invitations/<int:pk>/withdraw/", members.invitation_withdraw, name="invitation_withdraw"),
    path("requests/<int:pk>/approve/", members.answer, {"verb": "approve"}, name="request_approve"),
    path("requests/<int:pk>/decline/", members.answer, {"verb": "decline"}, name="request_decline"),
    path("account/me/", members.me, name="me"),
    path("account/sessions/<int:pk>/end/", members.session_end, name="session_end"),
    path("acting/", views.acting, name="acting"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/cancel/", views.cancel_job, name="job_cancel"),
    path("files/<str:key>/", views.file, name="file"),
]

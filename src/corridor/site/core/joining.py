"""Pages of joining: a party registers, or someone follows an invitation."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from . import actions, limits, memberships, once, recovery
from .errors import Invalid
from .forms import CONSENT, Form, JoinForm, NewPasswordForm, PersonForm
from .middleware import ACTING, address
from .models import Invitation, User

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@read_or_send
@sensitive_post_parameters("password")
def join(request: HttpRequest) -> HttpResponse:
    """A party registers with its first person; one who is logged in joins as themselves."""
    sent = request.POST if request.method == "POST" else None
    known = _known(request)
    form, person = JoinForm(sent), PersonForm(sent) if known is None else None
    if sent is not None and form.is_valid() & (person is None or person.is_valid()):
        limits.hit(limits.JOIN_BY_ADDRESS, address(request))
        contact = {} if person is None else _contact(person)
        try:
            with once.claim(request) as first:
                if first.url:
                    return redirect(first.url)
                code, details = form.cleaned_data["credit_code"], form.details(**contact)
                joined = actions.join(code, details, known or _new(person), agreed=str(CONSENT))
                first.url = reverse("desks:desk")
        except Invalid as error:
            _shared_out(error, form, person)
        else:
            messages.success(request, _said(joined))
            return _entered(request, joined.user, None)
    page = {"form": form, "person": person}
    return render(request, "core/join.html", page, status=_status(form, person))


@read_or_send
@sensitive_post_parameters("password")
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Someone follows the link of an invitation, with a new account or the one they have."""
    found: Invitation = memberships.invited(code)
    known = _known(request)
    sent = request.POST if request.method == "POST" else None
    person = PersonForm(sent) if known is None else None
    if sent is not None and (person is None or person.is_valid()):
        limits.hit(limits.JOIN_BY_ADDRESS, address(request))
        try:
            made = memberships.accept(code, known or _new(person))
        except Invalid as error:
            _shared_out(error, person or Form(), person)
        else:
            return _entered(request, made.user, made.pk)
    page = {"invitation": found, "person": person}
    return render(request, "core/invitation.html", page, status=_status(person))


@read_or_send
@sensitive_post_parameters("password")
def password_new(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Someone follows a link to a new password."""
    recovery.user_of(number, token)
    form = NewPasswordForm(request.POST or None)
    if form.is_bound and form.is_valid():
        limits.hit(limits.LOGIN_BY_ADDRESS, address(request))
        try:
            recovery.new_password(number, token, form.cleaned_data["password"])
        except Invalid as error:
            form.refuse(error)
        else:
            messages.success(request, _("新密码已生效，请登录。"))
            return redirect("account_login")
    return render(request, "core/password_new.html", {"form": form}, status=_status(form))


def _known(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _new(person: PersonForm | None) -> actions.Person:
    assert person is not None, "shown to everyone who is not logged in"
    return person.person()


def _contact(person: PersonForm) -> dict[str, str]:
    typed = person.cleaned_data
    return {
        "contact_name": typed["person_name"],
        "contact_phone": typed["phone"],
        "contact_email": typed["email"],
    }


def _said(joined: actions.Joined) -> str:
    if joined.asked:
        return _(
            "“%(name)s”已在平台登记。您的加入申请已提交，由该主体的管理员或所在城市投促局批准。"
        ) % {"name": joined.party.name}
    return _("登记成功。所在城市的投促局会核验主体信息，您现在就可以起草供需。")


def _shared_out(error: Invalid, form: Form, person: PersonForm | None) -> None:
    """Show each fault at the form that has its field."""
    if person is not None and set(error.fields) & set(person.fields):
        person.refuse(error)
    else:
        form.refuse(error)


def _entered(request: HttpRequest, user: User, membership: int | None) -> HttpResponse:
    """Log in who is not, and act in the new membership."""
    answer: HttpResponse = redirect("desks:desk")
    if not request.user.is_authenticated:
        answer = perform_login(request, user, redirect_url=reverse("desks:desk"))
    if membership is not None and request.user.is_authenticated:
        request.session[ACTING] = membership
    return answer


def _status(*forms: Form | None) -> int:
    return 422 if any(form is not None and form.errors for form in forms) else 200

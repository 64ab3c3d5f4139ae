"""Publishing in three short steps, and revising what is published."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from corridor.engine.text import Reading

from ...core import once, typed
from ...core.actor import Actor, Role
from ...core.audit import name_of
from ...core.errors import Forbidden, Invalid, Missing
from ...core.middleware import actor_of
from ...core.models import Consent, Party
from ...core.region import corridor
from .. import actions, content, desk
from ..checking import MAX_NAME, is_phone
from ..content import Content
from ..fields import datalists
from ..forms.common import accuse
from ..forms.publishing import ContactForm, FieldsForm, ReviseForm, TextForm, reading_of, unread
from ..lifecycle import LISTING
from ..models import Listing, State
from ..promises import objection, promises
from .entry import logged_in

STEPS = ("text", "fields", "contact")


def step_names() -> list[str]:
    """The three steps, as the page calls them."""
    return [_("写需求或供给"), _("核对条件"), _("联系与可见范围")]


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Step 1 of a new listing: a free text. Sending it makes the draft."""
    actor = publisher(request)
    if request.method == "POST":
        form = TextForm(request.POST)
        if form.is_valid() and (url := _create(request, actor, form)):
            return redirect(url)
    else:
        had = typed.offered(request)
        first = {name: request.GET.get(name, "") for name in ("text", "side", "kind")}
        form = TextForm(had) if had is not None else TextForm(initial=first)
    return _page(request, "listings/new.html", {"form": form, "step": 1})


def _create(request: HttpRequest, actor: Actor, form: TextForm) -> str:
    """Make the draft once; where its second step is, or "" with the faults in the form."""
    try:
        with once.claim(request) as kept:
            if not kept.url:
                made = actions.create(actor, _begun(actor, form.cleaned_data))
                _say_hidden(request, form.cleaned_data["text"], made.text)
                kept.url = reverse("listings:edit", args=[made.ref, 2])
    except Invalid as error:
        accuse(error, form)
        return ""
    return kept.url


def publisher(request: HttpRequest) -> Actor:
    """The actor, if they may publish at all: a member acting for a party."""
    actor = actor_of(request)
    if actor.role is not Role.MEMBER:
        raise Forbidden(
            _("只有主体的成员可以发布供需信息。投促局和走廊办负责审核，不代主体发布或导入。")
        )
    return actor


def _begun(actor: Actor, said: dict[str, Any]) -> Content:
    party = Party.objects.one(actor, pk=actor.party)
    home = corridor().city(party.city)
    name, phone = party.contact_name.reveal(), party.contact_phone.reveal()
    return Content(
        side=said["side"],
        kind=said["kind"],
        title=said["title"],
        text=said["text"],
        city=home.code if home else corridor().codes[0],
        contact_name=name if len(name) <= MAX_NAME else "",
        contact_phone=phone if is_phone(phone) else "",
    )


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ref: str, step: int) -> HttpResponse:
    """One of the three steps of a draft or a returned listing, saved each time."""
    actor = publisher(request)
    listing = _own(actor, ref)
    if step not in (1, 2, 3):
        raise Missing(_("没有找到这个页面。"))
    if listing.state in (State.PUBLISHED, State.EXPIRED):
        return redirect("listings:revise", ref)
    if request.method != "POST":
        LISTING.allow(actor, listing, "submit")
    return (_text, _fields, _contact)[step - 1](request, actor, listing)


def _own(actor: Actor, ref: str) -> Listing:
    found: Listing = Listing.objects.select_related("party").one(actor, ref=ref)
    if found.party_id != actor.party:
        raise Forbidden(_("这是别的主体的信息，您不能修改。"))
    return found


def _text(request: HttpRequest, actor: Actor, listing: Listing) -> HttpResponse:
    now = content.of(listing)
    had = request.POST if request.method == "POST" else typed.offered(request)
    first = {"text": now.text, "side": now.side, "kind": now.kind}
    form = TextForm(had, initial=first)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        same = (said["kind"], said["side"]) == (now.kind, now.side)
        changed = replace(now, text=said["text"], kind=said["kind"], side=said["side"])
        if not same:
            changed = replace(changed, values={}, must=frozenset(), flexible=frozenset())
        try:
            saved = actions.update(actor, listing, changed)
        except Invalid as error:
            accuse(error, form)
        else:
            _say_hidden(request, said["text"], saved.text)
            if now.values and not same:
                messages.warning(request, _("换了类别或供需方向，原来核对过的条件已清空。"))
            where = reverse("listings:edit", args=[listing.ref, 2])
            return redirect(f"{where}?read=1" if saved.text != now.text else where)
    return _page(request, "listings/new.html", {"form": form, "step": 1, "listing": listing})


def _fields(request: HttpRequest, actor: Actor, listing: Listing) -> HttpResponse:
    now = content.of(listing)
    reading = reading_of(now.text, now.kind, now.side)
    fresh = not now.values or "read" in request.GET
    had = request.POST if request.method == "POST" else typed.offered(request)
    form = FieldsForm(now, reading if fresh else None, had)
    if request.method == "POST" and form.is_valid():
        said = form.content()
        try:
            saved = actions.update(actor, listing, said)
        except Invalid as error:
            accuse(error, form)
        else:
            _say_hidden(request, said.title, saved.title)
            if "later" in request.POST:
                messages.success(request, _("草稿已保存。"))
                return redirect("listings:mine")
            return redirect("listings:edit", listing.ref, 3)
    return _page(request, "listings/edit_fields.html", _about(form, reading, listing) | {"step": 2})


def _about(form: FieldsForm, reading: Reading, listing: Listing) -> dict[str, Any]:
    first, filled, rest = form.split()
    return {
        "form": form,
        "first": first,
        "filled": filled,
        "rest": rest,
        "listing": listing,
        "left_unread": unread(reading),
        "notes": reading.notes(),
        "promises": promises(f"{listing.title}\n{listing.text}"),
        "objection": objection(),
        "datalists": datalists(),
    }


def _contact(request: HttpRequest, actor: Actor, listing: Listing) -> HttpResponse:
    now = content.of(listing)
    had = request.POST if request.method == "POST" else typed.offered(request)
    form = ContactForm(now, had)
    agreed = _agreed(actor, listing)
    if request.method == "POST" and form.is_valid():
        with once.claim(request) as kept:
            kept.url = kept.url or _finish(request, actor, listing, form)
        if kept.url:
            return redirect(kept.url)
    about = {"form": form, "step": 3, "listing": listing, "agreed": agreed}
    return _page(request, "listings/edit_contact.html", about)


def _finish(request: HttpRequest, actor: Actor, listing: Listing, form: ContactForm) -> str:
    """Save, and submit unless that is for later; "" with the faults in the form."""
    try:
        saved = actions.update(actor, listing, form.content())
        if "later" in request.POST:
            messages.success(request, _("草稿已保存，还没有提交。"))
        else:
            actions.submit(actor, saved, agreed=form.agreement())
            messages.success(request, _("已提交，等待%(city)s审核。") % {"city": saved.city_label})
    except Invalid as error:
        accuse(error, form)
        return ""
    return reverse("listings:mine")


def _agreed(actor: Actor, listing: Listing) -> Consent | None:
    given = Consent.objects.visible_to(actor).filter(
        purpose=actions.CONSENT, thing=name_of(listing)
    )
    found: Consent | None = given.first()
    return found


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, ref: str) -> HttpResponse:
    """Everything on one page, for what is published or has expired: it goes through review again."""
    actor = publisher(request)
    listing = _own(actor, ref)
    if listing.state in (State.DRAFT, State.RETURNED):
        return redirect("listings:edit", ref, 2)
    LISTING.allow(actor, listing, "revise")
    now = content.of(listing)
    had = request.POST if request.method == "POST" else typed.offered(request)
    form, contact = ReviseForm(now, had), ContactForm(now, had)
    right = request.method == "POST" and form.is_valid() and contact.is_valid()
    if right and _revise(request, actor, listing, form, contact):
        return redirect("listings:mine")
    text = str(form["text"].value())
    about = _about(form, reading_of(text, now.kind, now.side), listing)
    extra = {"contact": contact, "agreed": _agreed(actor, listing)}
    return _page(request, "listings/edit_revise.html", about | extra)


def _revise(
    request: HttpRequest, actor: Actor, listing: Listing, form: ReviseForm, contact: ContactForm
) -> bool:
    said = contact.content(form.content())
    try:
        saved = actions.revise(actor, listing, said, agreed=contact.agreement())
    except Invalid as error:
        accuse(error, form, contact)
        return False
    _say_hidden(request, said.text, saved.text)
    messages.success(request, _("已提交修订，审核通过前不在市场上显示。"))
    return True


@logged_in
@require_POST
def discard(request: HttpRequest, ref: str) -> HttpResponse:
    """Delete a draft."""
    actor = actor_of(request)
    listing = _own(actor, ref)
    actions.discard(actor, listing)
    messages.success(request, _("草稿“%(title)s”已删除。") % {"title": listing.title})
    return redirect("listings:mine")


def _say_hidden(request: HttpRequest, typed_text: str, saved_text: str) -> None:
    """Tell that contact data was masked, which is all that saving may change in a text."""
    if saved_text.count("*") > typed_text.count("*"):
        messages.warning(
            request,
            _(
                "文字里的电话等联系方式已隐藏（138****0000）。联系方式请填在第三步，双方同意对接后才给对方看。"
            ),
        )


def _page(request: HttpRequest, template: str, about: dict[str, Any]) -> HttpResponse:
    listing: Listing | None = about.get("listing")
    if listing is not None and listing.state == State.RETURNED:
        about["returned"] = next(iter(desk.history(actor_of(request), listing)), None)
    about["step_names"] = step_names()
    wrong = any(getattr(about.get(name), "errors", None) for name in ("form", "contact"))
    status = 422 if wrong and request.method == "POST" else 200
    return render(request, template, about, status=status)

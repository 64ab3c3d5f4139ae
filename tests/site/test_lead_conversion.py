"""A lead becomes a draft listing of a party."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Login
from cast import SUZHOU, Cast, credit_code
from django.test import Client
from lead_steps import PHONE, act, ask, reported

from corridor.site.core import audit
from corridor.site.core.errors import Invalid
from corridor.site.core.models import Party
from corridor.site.leads import actions, conversion
from corridor.site.leads.models import Lead, State
from corridor.site.listings.models import Listing
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

CODE = credit_code(1)


def valid_lead(people: Cast, **changed: Any) -> Lead:
    lead = reported(**changed)
    actions.contact(people.suzhou, lead)
    actions.judge_valid(people.suzhou, lead, [], "可后补")
    return lead


def converted(client: Client, lead: Lead, **changed: Any) -> Any:
    data = {
        "credit_code": CODE, "party_kind": "enterprise", "side": "need", "kind": "space",
        "title": "求租单层厂房", "keep": ["area", "clear_height"], "text": "已起草，请核对", **changed,
    }  # fmt: skip
    return act(client, lead, "convert", **data)


def test_a_lead_becomes_a_draft_of_a_new_unverified_party(people: Cast, login: Login) -> None:
    lead, client = valid_lead(people), login(people.suzhou)
    page = client.get(lead.get_absolute_url()).text
    assert "从文字读出，请核对" in page
    assert "3000~5000 ㎡" in page
    assert "2亿元" in page
    assert converted(client, lead).status_code == 302
    lead.refresh_from_db()
    listing = Listing.objects.get()
    assert (lead.state, lead.listing_id, lead.answer) == (
        State.CONVERTED,
        listing.pk,
        "已起草，请核对",
    )
    owner = Party.objects.get(credit_code=CODE)
    assert (owner.name, owner.city, owner.verified_at) == (lead.company, SUZHOU, None)
    assert (listing.party_id, listing.state, listing.kind) == (owner.pk, "draft", "space")
    assert sorted(listing.values) == ["area", "clear_height"]
    assert listing.contact_phone.reveal() == PHONE
    assert PHONE not in client.get(lead.get_absolute_url()).text
    assert "已起草，请核对" in ask(Client(), lead.ref, "2222").text
    assert converted(client, lead).status_code == 409
    assert list(audit.faults()) == []


def test_a_known_party_is_used_once_checked(people: Cast, login: Login) -> None:
    lead, client = valid_lead(people), login(people.suzhou)
    alice = Party.objects.get(pk=people.alice.party)
    refused = converted(client, lead, credit_code=alice.credit_code.lower())
    assert refused.status_code == 422
    assert alice.name in refused.text
    assert not Listing.objects.exists()
    assert converted(client, lead, credit_code=alice.credit_code, same="on").status_code == 302
    assert Listing.objects.get().party_id == alice.pk
    assert Notice.objects.filter(user_id=people.alice.user).count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"credit_code": "123"}, {"credit_code": CODE[:-1] + "0"}, {"kind": ""}, {"kind": "nonsense"},
     {"title": ""}, {"text": ""}, {"keep": ["nonsense"]}],
)  # fmt: skip
def test_a_conversion_that_is_not_right_changes_nothing(
    people: Cast, login: Login, changed: dict[str, Any]
) -> None:
    lead = valid_lead(people)
    parties = Party.objects.count()
    assert converted(login(people.suzhou), lead, **changed).status_code == 422
    lead.refresh_from_db()
    assert lead.state == State.VALID
    assert (Party.objects.count(), Listing.objects.count()) == (parties, 0)


def test_a_party_of_another_city_is_for_its_own_bureau(people: Cast) -> None:
    lead = valid_lead(people)
    bob = Party.objects.get(pk=people.bob.party)
    draft = conversion.Draft(bob.credit_code, "lab", "need", "space", "求租厂房", same=True)
    with pytest.raises(Invalid, match="合肥"):
        conversion.convert(people.suzhou, lead, draft, "已起草")


@pytest.mark.parametrize("phone", ["0512-62881234 x801", "13911112222", "+4915112345678"])
def test_every_phone_the_form_takes_fits_a_listing(people: Cast, phone: str) -> None:
    lead = valid_lead(people, phone=phone)
    draft = conversion.Draft(CODE, "enterprise", "need", "space", "求租厂房")
    assert conversion.convert(people.suzhou, lead, draft, "已起草").contact_phone.reveal() == phone


def test_text_without_a_kind_can_still_be_converted(people: Cast, login: Login) -> None:
    lead = valid_lead(people, need="想找合作伙伴一起做点事情")
    assert lead.kind == ""
    assert converted(login(people.suzhou), lead, kind="capital", keep=[]).status_code == 302

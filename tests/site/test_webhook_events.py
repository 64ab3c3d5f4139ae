"""Which events are told to which party."""

from __future__ import annotations

from typing import Any

import pytest
from cast import Cast, listing
from django.utils import timezone
from receiver import Receiver, hook_of, run, told, waiting

from corridor.site.api import hooks, webhooks
from corridor.site.api.models import Webhook
from corridor.site.core.errors import Forbidden
from corridor.site.core.models import AuditEntry, Membership
from corridor.site.docking import actions as docking
from corridor.site.docking import aside
from corridor.site.leads import actions as lead_actions
from corridor.site.leads import intake
from corridor.site.leads.models import Lead
from corridor.site.listings import actions
from corridor.site.listings.models import Listing


def test_each_party_is_told_of_what_concerns_it(people: Cast, receiver: Receiver) -> None:
    cast_of = {name: hook_of(getattr(people, name), receiver)
               for name in ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge")}  # fmt: skip
    mine = listing(people.alice, state="corridor_review", title="求租")
    offer = listing(people.bob, side="offer")
    actions.publish(people.office, mine)
    aside.mark_unsuitable(people.alice, mine, offer, reason="price")
    intro = docking.ask(people.alice, offer, cooperation="lease", question="x", agreed=True)
    docking.accept(people.bob, intro, agreed=True)
    docking.contacts(people.alice, intro, "约看")
    hidden = listing(people.bob, anonymity="named", side="offer")
    actions.renew(people.bob, hidden)
    said = intake.Report(need="找厂房", company="测试", contact_name="李", phone="13600008888",
                         wish="320500")  # fmt: skip
    intake.report(said)
    lead_actions.contact(people.suzhou, Lead.objects.get())
    actions.close(people.alice, mine, "plan_changed")
    market, closed = (
        ("listing.publish", f"listing:{mine.ref}"),
        ("listing.close", f"listing:{mine.ref}"),
    )
    marked = ("match.unsuitable", f"listing:{mine.ref}")
    talks = [(f"introduction.{verb}", f"introduction:{intro.ref}") for verb in ("ask", "accept")]
    named = [("listing.renew", f"listing:{hidden.ref}")]
    leads = [(verb, f"lead:{Lead.objects.get().ref}") for verb in ("lead.report", "lead.contact")]
    # By now the listing is closed: who has no part in it cannot see it, and is told nothing of it.
    assert {name: told(hook) for name, hook in cast_of.items()} == {
        "alice": [market, marked, *talks, closed],
        "bob": [*talks, *named],
        "carol": [],
        "suzhou": [market, marked, *talks, *leads, closed],
        "hefei": [*talks, *named],
        "office": [market, marked, *talks, *named, *leads, closed],
        "judge": [],
    }


def test_what_is_on_the_market_is_told_to_all_who_see_it(people: Cast, receiver: Receiver) -> None:
    carol, judge = hook_of(people.carol, receiver), hook_of(people.judge, receiver)
    mine = listing(people.alice, state="corridor_review")
    other = listing(people.bob, side="offer")
    actions.publish(people.office, mine)
    aside.mark_unsuitable(people.alice, mine, other, reason="price")
    assert told(carol) == told(judge) == [("listing.publish", f"listing:{mine.ref}")]


def test_nothing_from_before_the_webhook_and_nothing_twice(
    people: Cast, receiver: Receiver
) -> None:
    actions.renew(people.alice, listing(people.alice))
    hook = hook_of(people.alice, receiver)
    assert told(hook) == []
    actions.renew(people.alice, Listing.objects.get())
    assert len(told(hook)) == 1
    assert len(told(hook)) == 1
    hook.refresh_from_db()
    assert hook.seen == AuditEntry.objects.latest("id").pk


def test_webhooks_end_with_the_membership_of_who_set_them_up(
    people: Cast, receiver: Receiver
) -> None:
    hook = hook_of(people.alice, receiver)
    waiting(hook)
    Membership.objects.filter(pk=people.alice.membership).update(ended_at=timezone.now())
    actions.renew(people.bob, listing(people.bob))
    run()
    assert receiver.got == []
    assert list(Webhook.objects.in_use()) == []


def test_only_a_manager_sets_up_and_ends(people: Cast, receiver: Receiver) -> None:
    with pytest.raises(Forbidden):
        hooks.create(people.carol, receiver.url)
    hook = hook_of(people.alice, receiver)
    for actor in (people.bob, people.carol, people.office):
        with pytest.raises(Forbidden):
            hooks.end(actor, hook)
    text = Webhook.objects.filter(pk=hook.pk).values_list("secret", flat=True).get()
    assert text.reveal() not in str(list(AuditEntry.objects.values()))


def test_an_event_is_collected_with_its_delivery_or_not_at_all(
    people: Cast, receiver: Receiver, monkeypatch: Any
) -> None:
    hook = hook_of(people.alice, receiver)
    actions.renew(people.alice, listing(people.alice))
    with monkeypatch.context() as broken:
        broken.setattr(Webhook, "save", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            webhooks.collect(hook)
    assert not hook.deliveries.exists()
    assert len(told(hook)) == 1

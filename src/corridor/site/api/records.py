"""Things as records: what a program sees is what the page of the same actor shows."""

from collections.abc import Iterator
from functools import cache

from django.conf import settings
from django.utils import timezone

from corridor.engine import factors
from corridor.engine.factors import CodeList, FactorKind, value_text
from corridor.engine.matching import Check, change_text, explain

from ..core.actor import Actor
from ..core.models import Job
from ..docking import codes, release
from ..docking.cards import explained
from ..docking.funnel import Step
from ..docking.models import Introduction, Match, NearMiss, Outcome, Unsuitable
from ..leads.models import Circulation, Lead, LeadEvent
from ..listings.facets import Facet
from ..listings.models import Listing, Review
from ..listings.values import restored
from . import shapes


def _url(thing: Listing | Introduction | Lead) -> str:
    """The address of the thing's page."""
    return settings.SITE_URL + _path(type(thing)).replace("REF", thing.ref)


@cache
def _path(model: type[Listing | Introduction | Lead]) -> str:
    """Where the page of a thing called REF is: finding out takes longer than a whole record."""
    return model(ref="REF").get_absolute_url()


# --- kinds ---


def kind_record(kind: FactorKind) -> shapes.Kind:
    """A factor kind as it is declared."""
    return {
        "name": kind.name,
        "label_zh": kind.label.zh,
        "label_en": kind.label.en,
        "attributes": [_attribute(attribute) for attribute in kind.attributes],
        "cooperation": list(codes.ways(kind.name)),
    }


def _attribute(found: factors.Attribute) -> shapes.Attribute:
    listed = found.codes.entries if isinstance(found.codes, CodeList) else ()
    return {
        "name": found.name,
        "label_zh": found.label.zh,
        "label_en": found.label.en,
        "type": found.type,
        "unit": found.unit,
        "relation": found.relation,
        "asked_by": found.asked_by,
        "hard": found.hard,
        "codes": [{"code": one.code, "label_zh": one.zh, "label_en": one.en} for one in listed],
    }


# --- listings ---

#: What a record of a listing is made of; its contact is not even read.
READ = (
    "ref", "party", "side", "kind", "title", "text", "city", "values", "must", "flexible",
    "capacity", "anonymity", "state", "version", "deadline", "published_at", "expires_on",
    "party__name", "party__city", "party__kind", "party__size",
)  # fmt: skip


def listing_record(actor: Actor, listing: Listing) -> shapes.Listing:
    """A listing. Needs ``party`` loaded."""
    return {
        "ref": listing.ref,
        "url": _url(listing),
        "own": actor.party is not None and actor.party == listing.party_id,
        "side": listing.side,
        "kind": listing.kind,
        "title": listing.title,
        "text": listing.text,
        "party": listing.party_shown_to(actor),
        "city": listing.city,
        "values": listing.values,
        "must": listing.must,
        "flexible": listing.flexible,
        "capacity": listing.capacity,
        "anonymity": listing.anonymity,
        "state": listing.state,
        "version": listing.version,
        "deadline": listing.deadline,
        "published_at": listing.published_at,
        "expires_on": listing.expires_on,
    }


def listing_whole(actor: Actor, listing: Listing) -> shapes.ListingWhole:
    """The same with its values in words."""
    return {**listing_record(actor, listing), "facts": list(_facts(listing))}


def _facts(listing: Listing) -> Iterator[shapes.Fact]:
    shape = listing.factor.by_name
    for name, value in restored(listing.values).items():
        if name in shape:
            attribute, said = shape[name], value_text(shape[name], value)
            yield {
                "name": name,
                "label_zh": attribute.label.zh,
                "label_en": attribute.label.en,
                "text_zh": said.zh,
                "text_en": said.en,
            }


def facet_record(facet: Facet) -> shapes.Facet:
    """The choices of a filter."""
    options: list[shapes.Option] = [
        {"value": one.value, "label": one.label, "count": one.count, "chosen": one.chosen}
        for one in facet.options
    ]
    return {"name": facet.name, "label": facet.label, "options": options}


def review_record(review: Review) -> shapes.Review:
    """A decision about a listing."""
    return {
        "stage": review.stage,
        "version": review.version,
        "passed": review.passed,
        "reasons": review.reasons,
        "reason": review.reason,
        "at": review.at,
    }


# --- matches ---


def match_record(actor: Actor, listing: Listing, match: Match) -> shapes.Match:
    """A match as seen from ``listing``. Needs both listings and their parties loaded."""
    other, said = match.other_than(listing), explained(match)
    hard = [check for check in said.checks if check.hard]
    return {
        **_counterpart(actor, other),
        "score": round(match.score, 6),
        "verified": match.verified if hard else None,
        "parts": {
            part: None if value is None else round(value, 6) for part, value in match.parts.items()
        },
        "hard": [_check(check) for check in hard],
        "reasons_zh": [reason.zh for reason in said.reasons],
        "reasons_en": [reason.en for reason in said.reasons],
    }


def near_miss_record(actor: Actor, listing: Listing, miss: NearMiss) -> shapes.NearMiss:
    """A near miss as seen from ``listing``. Needs the same loaded."""
    said = explain(miss.need.as_engine, miss.offer.as_engine, today=timezone.localdate())
    changes: list[shapes.Change] = []
    for change in said.changes:
        text = change_text(change)
        changes.append(
            {"attribute": change.attribute.name, "change_zh": text.zh, "change_en": text.en}
        )
    return {**_counterpart(actor, miss.other_than(listing)), "changes": changes}


def _counterpart(actor: Actor, other: Listing) -> shapes.Counterpart:
    return {
        "ref": other.ref,
        "url": _url(other),
        "title": other.title,
        "party": other.party_shown_to(actor),
        "city": other.city,
    }


def _check(check: Check) -> shapes.Check:
    ask = value_text(check.attribute, check.ask)
    answer = None if check.answer is None else value_text(check.attribute, check.answer)
    return {
        "attribute": check.attribute.name,
        "label_zh": check.attribute.label.zh,
        "label_en": check.attribute.label.en,
        "asked_by": check.asker,
        "ask_zh": ask.zh,
        "ask_en": ask.en,
        "answer_zh": answer and answer.zh,
        "answer_en": answer and answer.en,
        "state": check.state.name.lower(),
    }


def unsuitable_record(found: Unsuitable) -> shapes.Unsuitable:
    """A counterpart that was set aside. Needs ``other`` loaded."""
    return {"ref": found.other.ref, "reason": found.reason, "note": found.note, "at": found.at}


# --- introductions ---


def introduction_record(actor: Actor, introduction: Introduction) -> shapes.Introduction:
    """An introduction. Needs ``full()``."""
    return {
        "ref": introduction.ref,
        "url": _url(introduction),
        "state": introduction.state,
        "target": introduction.target.ref,
        "own": introduction.own.ref if introduction.own else None,
        "from_party": introduction.party_shown_to(actor, introduction.from_party_id),
        "to_party": introduction.party_shown_to(actor, introduction.to_party_id),
        "cooperation": introduction.cooperation,
        "question": introduction.question,
        "reason": introduction.reason,
        "note": introduction.note,
        "created_at": introduction.created_at,
        "expires_at": introduction.expires_at,
    }


def introduction_whole(actor: Actor, introduction: Introduction) -> shapes.IntroductionWhole:
    """The same with what came of it, and whether the contacts are released."""
    outcomes = Outcome.objects.visible_to(actor).filter(introduction=introduction)
    return {
        **introduction_record(actor, introduction),
        "released": release.released(introduction),
        "outcomes": [outcome_record(one) for one in outcomes],
    }


def outcome_record(found: Outcome) -> shapes.Outcome:
    """What came of an introduction, as one party says."""
    return {
        "result": found.result,
        "on": found.on,
        "cooperation": found.cooperation,
        "amount": None if found.amount is None else f"{found.amount:.2f}",
        "reason": found.reason,
        "note": found.note,
        "at": found.at,
    }


# --- leads ---


def lead_record(lead: Lead) -> shapes.Lead:
    """A lead, for officers. Needs ``listing`` loaded."""
    return {
        "ref": lead.ref,
        "url": _url(lead),
        "state": lead.state,
        "city": lead.city,
        "wish": lead.wish,
        "company": lead.company,
        "need": lead.need,
        "use": lead.use,
        "tax": lead.tax,
        "kind": lead.kind,
        "side": lead.side,
        "values": lead.values,
        "suspicions": lead.suspicions,
        "duplicate": lead.duplicate_of_id is not None,
        "stated": lead.stated,
        "valid": lead.valid,
        "end_reason": lead.end_reason,
        "answer": lead.answer,
        "listing": lead.listing.ref if lead.listing else None,
        "first_reported_at": lead.first_reported_at,
        "clock": lead.clock,
        "due_at": lead.due_at,
        "contacted_at": lead.contacted_at,
        "judged_at": lead.judged_at,
        "answered_at": lead.answered_at,
        "closed_at": lead.closed_at,
    }


def lead_whole(actor: Actor, lead: Lead) -> shapes.LeadWhole:
    """The same with what happened to it and the offers to other cities."""
    offers = Circulation.objects.visible_to(actor).filter(lead=lead)
    return {
        **lead_record(lead),
        "events": [
            {"what": one.what, "at": one.at, "text": one.text}
            for one in LeadEvent.objects.visible_to(actor).filter(lead=lead)
        ],
        "circulations": [circulation_record(one) for one in offers],
    }


def circulation_record(found: Circulation) -> shapes.Circulation:
    """One city's offer of a lead to another."""
    return {
        "id": found.pk,
        "from_city": found.from_city,
        "to_city": found.to_city,
        "kept": found.kept,
        "state": found.state,
        "reason": found.reason,
        "answer": found.answer,
    }


def received_record(lead: Lead) -> shapes.Received:
    """What whoever sends a lead is told: its reference, and when the enterprise hears what."""
    return {
        "ref": lead.ref,
        "first_reported_at": lead.first_reported_at,
        "contact_due": lead.contact_due,
        "judge_due": lead.judge_due,
        "answer_due": lead.answer_due,
    }


# --- the corridor, and jobs ---


def step_record(step: Step) -> shapes.Step:
    """A step of the funnel."""
    return {"label": step.label, "count": step.count, "of": step.of, "window": step.window}


def job_record(job: Job) -> shapes.Job:
    """Long work, and how far it is."""
    return {
        "id": job.pk,
        "kind": job.kind,
        "state": job.state,
        "done": job.done_units,
        "total": job.total_units,
        "message": job.message,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    }

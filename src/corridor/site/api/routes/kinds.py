"""Who am I, and what may a listing state."""

from django.http import HttpRequest
from ninja import Router

from corridor.engine.factors import Attribute, FactorKind, all_kinds

from ...core.middleware import actor_of
from ..records import Record
from ..schemas import KindOut, Me

router = Router(tags=["about"])


@router.get("/me", response=Me)
def me(request: HttpRequest) -> Record:
    """Who the token acts as."""
    actor = actor_of(request)
    return {
        "role": actor.role,
        "party": actor.party_name,
        "city": actor.city,
        "manager": actor.manager,
    }


@router.get("/kinds", response=list[KindOut])
def kinds(_request: HttpRequest) -> list[Record]:
    """The factor kinds with their attributes, as they are declared."""
    return [_kind(found) for found in all_kinds().values()]


def _kind(found: FactorKind) -> Record:
    return {
        "name": found.name,
        "label_zh": found.label.zh,
        "label_en": found.label.en,
        "attributes": [_attribute(attribute) for attribute in found.attributes],
    }


def _attribute(found: Attribute) -> Record:
    return {
        "name": found.name,
        "label_zh": found.label.zh,
        "label_en": found.label.en,
        "type": found.type,
        "unit": found.unit,
        "relation": found.relation,
        "asked_by": found.asked_by,
        "hard": found.hard,
    }

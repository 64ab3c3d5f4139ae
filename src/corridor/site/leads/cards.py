"""The codes of the QR cards: who sent an enterprise here. Short, signed, never to be guessed."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from ..core.actor import Role
from ..core.models import Membership, Party, User
from ..core.refs import ALPHABET

_CODE = re.compile(r"([BM])(\d{1,12})-([0-9A-Z]{8})")
#: A party's card, a member's card.
PARTY, MEMBER = "B", "M"
_KINDS = (Party.Kind.BUREAU, Party.Kind.OFFICE)


@dataclass(frozen=True, slots=True)
class Referrer:
    """Whose card was used: a bureau or the office, and the officer where the card is theirs.

    ``city`` is the bureau's; "" for the office, which stands for no city.
    """

    party: Party
    user: User | None
    city: str

    def __str__(self) -> str:
        return " · ".join(str(one) for one in (self.party, self.user) if one is not None)


def code(letter: str, number: int) -> str:
    """The code of the card of party or membership ``number``."""
    return f"{letter}{number}-{_signature(f'{letter}{number}')}"


def link(card: str) -> str:
    """The address a card's QR code leads to."""
    return f"{settings.SITE_URL}{reverse('leads:new')}?to={card}"


def referrer(card: str) -> Referrer | None:
    """Whose card it is; ``None`` for a code that is forged, mistyped or nobody's any more.

    The card of an officer who has left counts for the bureau.
    """
    found = _CODE.fullmatch(card.strip().upper())
    if found is None or not constant_time_compare(_signature(found[1] + found[2]), found[3]):
        return None
    if found[1] == PARTY:
        party = Party.objects.filter(pk=int(found[2]), kind__in=_KINDS).first()
        return _of(party, None) if party else None
    member = Membership.objects.select_related("party", "user").filter(pk=int(found[2])).first()
    if member is None or member.role not in (Role.BUREAU, Role.OFFICE):
        return None
    here = member.ended_at is None and member.user.is_active
    return _of(member.party, member.user if here else None)


def _of(party: Party, user: User | None) -> Referrer:
    return Referrer(party, user, party.city if party.kind == Party.Kind.BUREAU else "")


def _signature(what: str) -> str:
    digest = salted_hmac("corridor.leads.card", what, algorithm="sha256").digest()
    return "".join(ALPHABET[byte % 32] for byte in digest[:8])

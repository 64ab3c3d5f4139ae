"""The shapes of the API. Their field names are those of the models; DESIGN has the words."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class Problem(Schema):
    """A refusal: what was wrong, and for each field what would be right."""

    code: str
    message: str
    fields: dict[str, str] = {}


class Me(Schema):
    """Who the token acts as."""

    role: str
    party: str
    city: str
    manager: bool


class Fact(Schema):
    """A value in words."""

    name: str
    label_zh: str
    label_en: str
    text_zh: str
    text_en: str


class ListingOut(Schema):
    """A need or an offer, as the caller may see it."""

    ref: str
    url: str
    own: bool
    side: str
    kind: str
    title: str
    text: str
    party: str
    city: str
    values: dict[str, Any]
    facts: list[Fact]
    must: list[str]
    flexible: list[str]
    capacity: int
    anonymity: str
    state: str
    version: int
    deadline: date | None
    published_at: datetime | None
    expires_on: date | None


class ListingIn(Schema):
    """What a party states. ``values`` are texts as people write them ("3000㎡以上"), lists of
    codes, or ``{"lo": …, "hi": …}``; ``GET /kinds`` says which attributes there are.
    """

    side: str = Field(max_length=5)
    kind: str = Field(max_length=20)
    title: str
    text: str = ""
    city: str = ""
    values: dict[str, str | int | float | bool | list[str] | dict[str, str | int | float | None]] = {}
    must: list[str] = []
    flexible: list[str] = []
    capacity: int = Field(default=1, ge=1, le=999)
    anonymity: str = "public"
    named: list[str] = Field(default=[], description="credit codes of the parties it is shown to")
    contact_name: str = ""
    contact_phone: str = ""
    deadline: date | None = None


class SubmitIn(Schema):
    """The consent that a contact may be kept and, once both sides agree, shown."""

    agreed: bool = False


class Close(Schema):
    """Why a listing ends."""

    reason: str
    note: str = ""


class MatchOut(Schema):
    """A counterpart and how well it fits."""

    ref: str
    title: str
    party: str
    city: str
    score: float
    verified: bool
    parts: dict[str, float | None]


class AskIn(Schema):
    """An introduction asked for. ``agreed`` is the consent to be reached once it is accepted."""

    own: str | None = None
    cooperation: str
    question: str
    agreed: bool


class AcceptIn(Schema):
    """The consent that accepting needs."""

    agreed: bool


class DeclineIn(Schema):
    """Why not."""

    reason: str
    note: str = ""


class MessageIn(Schema):
    """A message in an introduction."""

    text: str


class RevealIn(Schema):
    """What a contact is wanted for; its owner sees this."""

    purpose: str


class IntroductionOut(Schema):
    """An introduction. ``released``: whether ``POST …/contacts`` will answer."""

    ref: str
    url: str
    state: str
    target: str
    own: str | None
    from_party: str
    to_party: str
    cooperation: str
    question: str
    reason: str
    note: str
    created_at: datetime
    expires_at: datetime
    released: bool


class MessageOut(Schema):
    """Something said in an introduction."""

    at: datetime
    role: str
    text: str


class AttributeOut(Schema):
    """One attribute of a kind: who asks, what type and unit, how an answer meets an ask."""

    name: str
    label_zh: str
    label_en: str
    type: str
    unit: str
    relation: str | None
    asked_by: str
    hard: bool


class KindOut(Schema):
    """A factor kind as it is declared."""

    name: str
    label_zh: str
    label_en: str
    attributes: list[AttributeOut]

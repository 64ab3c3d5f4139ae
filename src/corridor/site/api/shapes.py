"""What the API answers. The field names are those of the models; DESIGN has the words.

Typed dicts: ``records`` builds them and mypy holds it to them, the OpenAPI is made of them.
"""

from datetime import date, datetime
from typing import Any, Generic, TypeVar

from typing_extensions import TypedDict

T = TypeVar("T")


class Problem(TypedDict):
    """A refusal: what was wrong, and for each field what would be right."""

    code: str
    message: str
    fields: dict[str, str]


class Page(TypedDict, Generic[T]):
    """One page of a list; ``next`` is the number of the one after it, ``null`` on the last."""

    page: int
    size: int
    next: int | None
    items: list[T]


class Me(TypedDict):
    """Who the token acts as."""

    role: str
    party: str
    city: str
    manager: bool


class Code(TypedDict):
    """One code of a list."""

    code: str
    label_zh: str
    label_en: str


class Attribute(TypedDict):
    """One attribute of a kind: who asks, its type and unit, how an answer must stand to an ask.

    ``codes`` where the list is short; industries and places have lists of their own.
    """

    name: str
    label_zh: str
    label_en: str
    type: str
    unit: str
    relation: str | None
    asked_by: str
    hard: bool
    codes: list[Code]


class Kind(TypedDict):
    """A factor kind as it is declared, and the ways of working together it offers."""

    name: str
    label_zh: str
    label_en: str
    attributes: list[Attribute]
    cooperation: list[str]


class Step(TypedDict):
    """One step of the funnel: of ``of``, in ``window``, so many came to ``count``."""

    label: str
    count: int
    of: int | None
    window: str


class Job(TypedDict):
    """Long work: how far it is, and what came of it."""

    id: int
    kind: str
    state: str
    done: int
    total: int
    message: str
    created_at: datetime
    finished_at: datetime | None


class Fact(TypedDict):
    """A value in words."""

    name: str
    label_zh: str
    label_en: str
    text_zh: str
    text_en: str


class Listing(TypedDict):
    """A need or an offer, as the caller may see it. Contacts are never part of it.

    ``values`` are codes, words, or the ends of ranges in the attribute's unit.
    """

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
    must: list[str]
    flexible: list[str]
    capacity: int
    anonymity: str
    state: str
    version: int
    deadline: date | None
    published_at: datetime | None
    expires_on: date | None


class ListingWhole(Listing):
    """A need or an offer with its values in words."""

    facts: list[Fact]


class Option(TypedDict):
    """A choice of a filter, and how many listings there are with it."""

    value: str
    label: str
    count: int
    chosen: bool


class Facet(TypedDict):
    """The choices of one filter; each count heeds every other filter."""

    name: str
    label: str
    options: list[Option]


class Found(Page[Listing]):
    """A page of listings; with ``facets=true`` how many there are, and the choices beside them."""

    total: int | None
    facets: list[Facet]


class Review(TypedDict):
    """One decision about a listing: at which stage, and the reasons where it was returned."""

    stage: str
    version: int
    passed: bool
    reasons: list[str]
    reason: str
    at: datetime


class Check(TypedDict):
    """One hard limit of either side, and how the other stands to it."""

    attribute: str
    label_zh: str
    label_en: str
    asked_by: str
    ask_zh: str
    ask_en: str
    answer_zh: str | None
    answer_en: str | None
    state: str


class Counterpart(TypedDict):
    """A listing of the other side."""

    ref: str
    url: str
    title: str
    party: str
    city: str


class Match(Counterpart):
    """A counterpart, how well it fits and why: as ``corridor match --json`` says it."""

    score: float
    verified: bool | None
    parts: dict[str, float | None]
    hard: list[Check]
    reasons_zh: list[str]
    reasons_en: list[str]


class Change(TypedDict):
    """What would have to change."""

    attribute: str
    change_zh: str
    change_en: str


class NearMiss(Counterpart):
    """A counterpart that would be a match, and the smallest changes that would make it one."""

    changes: list[Change]


class Unsuitable(TypedDict):
    """A counterpart that was set aside, and why."""

    ref: str
    reason: str
    note: str
    at: datetime


class Matches(TypedDict):
    """The best counterparts of a listing, best first, and those that nearly are."""

    matches: list[Match]
    near_misses: list[NearMiss]
    unsuitable: list[Unsuitable]


class Introduction(TypedDict):
    """One party asks another to talk about a listing of theirs."""

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


class IntroductionWhole(Introduction):
    """An introduction; ``released``: whether ``POST …/contacts`` will answer."""

    released: bool
    outcomes: list["Outcome"]


class Message(TypedDict):
    """Something said in an introduction; contact data in it is masked."""

    at: datetime
    role: str
    text: str


class Outcome(TypedDict):
    """What came of an introduction, as one party says."""

    result: str
    on: date
    cooperation: str
    amount: str | None
    reason: str
    note: str
    at: datetime


class Received(TypedDict):
    """A lead that was taken in."""

    ref: str
    first_reported_at: datetime
    contact_due: datetime
    judge_due: datetime
    answer_due: datetime


class Event(TypedDict):
    """Something that happened to a lead."""

    what: str
    at: datetime
    text: str


class Circulation(TypedDict):
    """One city offers a lead to another; ``kept`` is the percentage of the credit it keeps."""

    id: int
    from_city: str
    to_city: str
    kept: int
    state: str
    reason: str
    answer: str


class Lead(TypedDict):
    """A lead, for officers. Its contact is never part of it."""

    ref: str
    url: str
    state: str
    city: str
    wish: str
    company: str
    need: str
    use: str
    tax: dict[str, Any]
    kind: str
    side: str
    values: dict[str, Any]
    suspicions: list[str]
    duplicate: bool
    stated: list[str]
    valid: bool | None
    end_reason: str
    answer: str
    listing: str | None
    first_reported_at: datetime
    clock: str
    due_at: datetime | None
    contacted_at: datetime | None
    judged_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None


class LeadWhole(Lead):
    """A lead with what happened to it, and the offers to other cities."""

    events: list[Event]
    circulations: list[Circulation]

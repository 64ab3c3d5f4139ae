"""What is sent to the API. Lengths and codes are checked by the same actions and forms as a page's;
here stand only the types."""

from datetime import date
from decimal import Decimal
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

#: As people write it ("3000㎡以上"), a list of codes, or the ends of a range; as in a jsonl file.
Value = str | int | float | bool | list[str] | dict[str, str | int | float | None]


class Said(Schema):
    """A body. A name that nobody here knows is refused: it may be a known one misspelt."""

    model_config = ConfigDict(extra="forbid")


class ListingIn(Said):
    """What a party states. ``GET /kinds`` says which attributes ``values`` may have.

    Of what is never read back (``named``, ``contact_name``, ``contact_phone``) a ``null`` leaves as
    it is what was stated before.
    """

    side: Literal["need", "offer"]
    kind: str
    title: str
    text: str = ""
    city: str = Field(default="", description="GB/T 2260 code of a city of the corridor")
    values: dict[str, Value] = Field(default={})
    must: list[str] = Field(default=[], description="preferences that are to be hard limits")
    flexible: list[str] = Field(default=[], description="hard limits that may give way")
    capacity: int = Field(default=1, ge=1, le=999)
    anonymity: Literal["public", "anonymous", "corridor", "named"] = "public"
    named: list[str] | None = Field(
        default=None, description="credit codes of the parties it is shown to"
    )
    contact_name: str | None = None
    contact_phone: str | None = None
    deadline: date | None = None


class Agreement(Said):
    """The consent that the action needs; docs/api.md has its words."""

    agreed: bool = False


class Revision(ListingIn):
    """What a published listing is to say, and the consent that its contact may be kept."""

    agreed: bool = False


class Closing(Said):
    """Why a listing ends."""

    reason: str
    note: str = ""


class Aside(Said):
    """Which counterpart does not fit, and why."""

    other: str
    reason: str
    note: str = ""


class Asking(Said):
    """An introduction asked for. ``agreed`` is the consent to be reached once it is accepted."""

    own: str | None = None
    cooperation: str
    question: str
    agreed: bool = False


class Declining(Said):
    """Why not."""

    reason: str
    note: str = ""


class Consenting(Said):
    """Whether the contact may be shown to the counterpart."""

    agree: bool


class Saying(Said):
    """A message."""

    text: str


class Purpose(Said):
    """What a contact is wanted for; its owner sees this."""

    purpose: str


class OutcomeIn(Said):
    """What came of an introduction; ``amount`` in 万元."""

    result: str
    on: date
    cooperation: str = ""
    amount: Decimal | None = Field(default=None, ge=0, max_digits=14, decimal_places=2)
    reason: str = ""
    note: str = ""


class LeadIn(Said):
    """An enterprise's lead, sent on its behalf. ``agreed``: the enterprise has read and agreed."""

    need: str
    company: str
    contact_name: str
    phone: str
    use: str = ""
    tax: str = Field(default="", description="a year, 万元; as people write it")
    wish: str = Field(default="", description="GB/T 2260 code of a city of the corridor")
    card: str = Field(default="", description="code of the QR card that led here")
    agreed: bool = False


class Noting(Said):
    """What is to be written down with it."""

    text: str = ""


class Judging(Said):
    """Whether a lead is worth following: what it states, and where it is not, why."""

    verdict: Literal["valid", "invalid"]
    stated: list[str] = Field(default=[])
    end_reason: str = ""
    text: str = ""


class Ending(Said):
    """Why a lead ends, and what the enterprise is told."""

    end_reason: str
    text: str = ""


class Assigning(Said):
    """Which city a lead is given to; why, where it is taken from another."""

    city: str
    text: str = ""


class Proposing(Said):
    """Which city a lead is offered to, and the percentage of the credit that is kept."""

    to_city: str
    kept: int = Field(default=50, ge=0, le=100)
    text: str


class Deciding(Said):
    """Which circulation is meant; and why, where it is declined."""

    offer: int
    text: str = ""


class Converting(Said):
    """The party and the listing that a lead becomes; ``keep`` are the attributes taken over."""

    credit_code: str
    party_kind: str
    side: Literal["need", "offer"]
    kind: str
    title: str
    keep: list[str] = Field(default=[])
    same: bool = False
    text: str

"""When the contacts of an introduction are released: while both parties agree, and not after.

Each agrees in a row of its own (:class:`core.models.Consent`), which is never changed; taking it
back is another row.
"""

from django.utils.translation import gettext_lazy as _

from ..core.actor import Actor
from ..core.audit import name_of
from ..core.models import Consent
from .models import Introduction, State

GIVEN, TAKEN_BACK = "contact.release", "contact.taken_back"

#: Version 1 of what is agreed to. The row keeps the words that were shown.
TEXT = _(
    "我同意：双方都接受对接后，平台将本主体在该供需信息中填写的联系人和电话提供给对方，仅用于本次对接；"
    "我可以随时撤回同意，撤回后平台不再展示。"
)


def give(actor: Actor, introduction: Introduction, *, taken_back: bool = False) -> None:
    """Write down that the actor's party agrees to be reached by the other, or no longer does."""
    Consent.objects.create(
        purpose=TAKEN_BACK if taken_back else GIVEN,
        text=str(TEXT),
        user_id=actor.user,
        party_id=actor.party,
        to_party_id=introduction.other_party(actor.party),
        thing=name_of(introduction),
        channel=actor.channel,
    )


def agreed(introduction: Introduction) -> set[int]:
    """The parties that agree now."""
    rows = Consent.objects.filter(
        thing=name_of(introduction), purpose__in=(GIVEN, TAKEN_BACK)
    ).order_by("id")
    last = dict(rows.values_list("party", "purpose"))
    return {party for party, purpose in last.items() if purpose == GIVEN}


def released(introduction: Introduction) -> bool:
    """Whether each party may be shown the other's contact."""
    both = {introduction.from_party_id, introduction.to_party_id}
    return introduction.state == State.ACCEPTED and both <= agreed(introduction)

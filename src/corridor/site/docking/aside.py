"""What may be done about a match: setting it aside, and taking that back."""

from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from ..core import jobs
from ..core.actor import Actor, Role
from ..core.errors import Forbidden
from ..core.verbs import act
from ..listings.models import Listing
from .actions import check_reason
from .models import Matched, Unsuitable


def mark_unsuitable(
    actor: Actor, listing: Listing, other: Listing, *, reason: str, note: str = ""
) -> Unsuitable:
    """Leave ``other`` out of the list of the actor's own ``listing``, and say why.

    Raises ``Forbidden`` for another's listing, ``Invalid`` for an unknown reason; saying it again
    replaces the reason.
    """
    check_reason(reason)
    with act(actor, "match.unsuitable", listing, reason=reason) as it:
        _own(it.actor, it.thing)
        it.diff["other"] = other.ref
        found, _new = Unsuitable.objects.update_or_create(
            listing=it.thing,
            other=Listing.objects.one(it.actor, pk=other.pk),
            defaults={
                "reason": reason,
                "note": mask_contacts(note.strip())[:400],
                "party_id": it.thing.party_id,
                "user_id": it.actor.user,
            },
        )
        return found


def undo_unsuitable(actor: Actor, listing: Listing, other: Listing) -> None:
    """Let ``other`` back into the list of ``listing``."""
    with act(actor, "match.unsuitable_undone", listing) as it:
        _own(it.actor, it.thing)
        it.diff["other"] = other.ref
        Unsuitable.objects.filter(listing=it.thing, other=other).delete()
        Matched.objects.filter(listing=it.thing).update(stamp=None)
        jobs.enqueue("docking.match", it.thing.kind)


def _own(actor: Actor, listing: Listing) -> None:
    if actor.role is not Role.MEMBER or actor.party != listing.party_id:
        raise Forbidden(_("只有信息所属主体可以进行这一操作。"))

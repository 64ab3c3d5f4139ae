"""What may be seen: one's own notices, unread first."""

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from ..core.actor import Actor
from ..core.models import Membership
from .models import Notice


def told(actor: Actor) -> QuerySet[Notice]:
    """What the actor was told, unread first, then the newest."""
    new = Case(When(read_at=None, then=Value(1)), default=Value(0), output_field=IntegerField())
    found: QuerySet[Notice] = Notice.objects.visible_to(actor).order_by(new.desc(), "-id")
    return found


def unread_elsewhere(actor: Actor) -> list[tuple[Membership, int]]:
    """The person's other memberships in which something is unread, with how much."""
    unread = Notice.objects.filter(user=actor.user, read_at=None).exclude(party=actor.party)
    counts = dict(unread.order_by().values_list("party").annotate(Count("pk")))
    others = Membership.objects.filter(user=actor.user, ended_at=None, party__in=counts)
    return [(one, counts[one.party_id]) for one in others.select_related("party")]

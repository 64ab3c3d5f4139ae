"""What may be done to parties and to the people who act for them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from .actor import Actor, Role
from .errors import Forbidden
from .models import Party
from .verbs import act


def party_verify(actor: Actor, party: Party) -> Party:
    """Confirm that a party is who it says: by the bureau of its city, or the office."""
    if not (actor.role is Role.OFFICE or (actor.role is Role.BUREAU and actor.city == party.city)):
        raise Forbidden(_("主体由它所在城市的投促局或走廊办核验。"))
    with act(actor, "party.verify", party) as it:
        it.thing.verified_at = it.thing.verified_at or timezone.now()
        it.thing.save(update_fields=["verified_at"])
    return it.thing

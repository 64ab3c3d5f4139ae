"""The states of a conference, of a participation, of a meeting, and the moves between them."""

from ..core.actor import SYSTEM, Actor, Role
from ..core.lifecycle import Lifecycle, move
from .models import Conference, Meeting, Participant


def runs(actor: Actor, conference: Conference) -> bool:
    """The office, or the bureau that set the conference up."""
    own = actor.role is Role.BUREAU and actor.party == conference.party_id
    return actor.role is Role.OFFICE or own


def runs_or_clock(actor: Actor, conference: Conference) -> bool:
    """Who runs the conference, or the site's own clock."""
    return actor == SYSTEM or runs(actor, conference)


S = Conference.State
#: While a conference is in one of these, there is something to be arranged.
LIVE = (S.OPEN, S.CLOSED, S.PLANNED, S.RUNNING)

CONFERENCE = Lifecycle(
    move("open", [S.DRAFT], S.OPEN, runs),
    move("close", [S.OPEN], S.CLOSED, runs_or_clock),
    move("reopen", [S.CLOSED], S.OPEN, runs),
    move("publish", [S.CLOSED, S.PLANNED], S.PLANNED, runs),
    move("republish", [S.RUNNING], S.RUNNING, runs),
    move("start", [S.CLOSED, S.PLANNED], S.RUNNING, runs_or_clock),
    move("finish", [S.RUNNING], S.OVER, runs_or_clock),
    move("cancel", [S.DRAFT, S.OPEN, S.CLOSED, S.PLANNED], S.CANCELLED, runs, reason=True),
)


def own(actor: Actor, participant: Participant) -> bool:
    """The members of the party that takes part."""
    return actor.role is Role.MEMBER and actor.party == participant.party_id


def own_or_runs(actor: Actor, participant: Participant) -> bool:
    """The members of the party, or who runs the conference."""
    return own(actor, participant) or runs(actor, participant.conference)


P = Participant.State

PARTICIPANT = Lifecycle(
    move("register", [P.INVITED, P.WITHDRAWN], P.REGISTERED, own),
    move("withdraw", [P.INVITED, P.REGISTERED], P.WITHDRAWN, own_or_runs),
)


def either(actor: Actor, meeting: Meeting) -> bool:
    """The members of the two who meet."""
    return own(actor, meeting.a) or own(actor, meeting.b)


def either_or_runs(actor: Actor, meeting: Meeting) -> bool:
    """The two who meet, who runs the conference, or what follows from something else."""
    return actor == SYSTEM or either(actor, meeting) or runs(actor, meeting.conference)


def runs_it(actor: Actor, meeting: Meeting) -> bool:
    """Who runs the conference, or what follows from something else."""
    return actor == SYSTEM or runs(actor, meeting.conference)


def follows(actor: Actor, _meeting: Meeting) -> bool:
    """Nobody: it follows from what becomes of the introduction."""
    return actor == SYSTEM


M = Meeting.State

MEETING = Lifecycle(
    move("accept", [M.WANTED], M.ACCEPTED, follows),
    move("place", [M.ACCEPTED], M.PLACED, either_or_runs),
    move("unplace", [M.PLACED], M.ACCEPTED, runs_it),
    move("keep", [M.PLACED, M.MISSED], M.KEPT, either_or_runs),
    move("miss", [M.PLACED], M.MISSED, runs_it),
    move("cancel", [M.WANTED, M.ACCEPTED, M.PLACED], M.CANCELLED, either_or_runs),
)

"""Who is acting, and as whom: the one thing every query and every verb is asked with."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What someone is on this site. A person may hold several and acts in one at a time."""

    PUBLIC = "public", _("访客")
    MEMBER = "member", _("主体成员")
    BUREAU = "bureau", _("城市投促局")
    OFFICE = "office", _("走廊办")
    JUDGE = "judge", _("评委")
    ANALYST = "analyst", _("分析员")


#: Roles that decide on other people's things; they must log in with a second factor.
STAFF = frozenset({Role.BUREAU, Role.OFFICE, Role.JUDGE, Role.ANALYST})


@dataclass(frozen=True, slots=True)
class Actor:
    """Someone acting in one role.

    Attributes:
        role: the role acted in; ``Role.PUBLIC`` for anyone not logged in.
        user, membership, party: ids; ``None`` for the public. A program acts in the membership
            of whoever made its token.
        city: GB/T 2260 code of the city the role is held in; "" for the public.
        name, party_name: for greeting; never for deciding.
        manager: may add and end memberships of the own party.
        token: id of the token a program came with; ``None`` for people.
    """

    role: Role = Role.PUBLIC
    user: int | None = None
    membership: int | None = None
    party: int | None = None
    city: str = ""
    name: str = ""
    party_name: str = ""
    manager: bool = False
    token: int | None = None

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is logged in."""
        return self.role is Role.PUBLIC

    @property
    def is_staff(self) -> bool:
        """Whether the role decides on other people's things."""
        return self.role in STAFF

    @property
    def channel(self) -> str:
        """By which door they came, as consents note it: ``web``, or ``api`` for a program."""
        return "web" if self.token is None else "api"

    @property
    def role_label(self) -> str:
        """The role in the language of the page."""
        return str(self.role.label)

    @property
    def city_label(self) -> str:
        """The city in the language of the page."""
        from .region import city_name

        return city_name(self.city)


PUBLIC = Actor()
#: The site itself: periodic jobs act as it. It sees nothing through ``visible_to``.
SYSTEM = Actor(name="system")

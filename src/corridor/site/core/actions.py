"""What may be done to parties, and how people come to act for them.

Who asks (a user not yet a member) acts as the public; the audit then names them in its ``diff``.
"""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from .actor import PUBLIC, SYSTEM, Actor, Role
from .errors import Forbidden, Invalid, NotNow
from .models import Consent, Membership, MembershipRequest, Party, User
from .models.party import check_credit_code
from .region import city_choices
from .verbs import act

#: The role in which people act for a party of a kind; the office has other roles besides.
ROLE_OF = {Party.Kind.BUREAU: Role.BUREAU, Party.Kind.OFFICE: Role.OFFICE}
#: The kinds of party that join by themselves.
OPEN_KINDS = (Party.Kind.ENTERPRISE, Party.Kind.PARK, Party.Kind.FUND, Party.Kind.LAB)


@dataclass(frozen=True, slots=True)
class Details:
    """What a party says of itself. The three contacts are kept as secrets."""

    name: str
    kind: str
    city: str
    size: str = ""
    industry: str = ""
    about: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is going to log in."""

    username: str
    name: str
    password: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Who joined which party; ``asked`` where its people must approve first."""

    user: User
    party: Party
    asked: bool


def join(credit_code: str, details: Details, who: Person | User, *, agreed: str) -> Joined:
    """Register a party with its first manager; or, where it is registered, ask to act for it.

    ``agreed`` is the text of the consent. Raises ``Invalid`` naming the fields that are wrong.
    """
    checked_code(credit_code)
    _checked(details, OPEN_KINDS)
    with transaction.atomic():
        user = who if isinstance(who, User) else new_user(who)
        party = _first(credit_code, details, user)
        asked = party is None
        if party is None:
            party = Party.objects.get(credit_code=credit_code)
            _ask(party, user)
        Consent.objects.create(
            purpose="join",
            text=agreed,
            user=user,
            party=party,
            thing=f"party:{party.pk}",
            channel="web",
        )
    return Joined(user, party, asked)


def _first(credit_code: str, details: Details, user: User) -> Party | None:
    """The new party, or ``None`` where the code is registered, be it a moment ago."""
    try:
        with act(PUBLIC, "party.join", Party(credit_code=credit_code)) as it:
            _set(it.thing, details)
            it.thing.save()
            it.diff["user"] = user.pk
            begin(PUBLIC, user, it.thing, Role.MEMBER, manager=True)
    except IntegrityError:
        return None
    return it.thing


def _ask(party: Party, user: User) -> None:
    """Ask to act for a party; asking again while the first request waits changes nothing."""
    if party.memberships.filter(user=user, ended_at=None).exists():
        raise Invalid(_("您已经是这个主体的成员。"), {"credit_code": _("您已经是这个主体的成员。")})
    if not party.requests.filter(user=user, state=MembershipRequest.State.ASKED).exists():
        with act(PUBLIC, "membership.ask", MembershipRequest(party=party, user=user)) as it:
            it.thing.save()
            it.diff["user"] = user.pk


def found_office(
    *, name: str, credit_code: str, city: str, username: str, password: str
) -> Membership:
    """Begin a corridor: its office, and the first officer. Raises ``Invalid``."""
    with transaction.atomic():
        party = found(SYSTEM, credit_code, Details(name, Party.Kind.OFFICE, city))
        user = new_user(Person(username, username, password))
        return begin(SYSTEM, user, party, Role.OFFICE, manager=True)


def found(actor: Actor, credit_code: str, details: Details) -> Party:
    """Enter a bureau, or any other party, that does not join by itself. For the office.

    Raises ``Forbidden``, and ``Invalid`` also where the code is registered.
    """
    if actor.role is not Role.OFFICE and actor != SYSTEM:
        raise Forbidden(_("只有走廊办可以登记城市投促局。"))
    checked_code(credit_code)
    _checked(details, tuple(Party.Kind))
    try:
        with act(actor, "party.found", Party(credit_code=credit_code)) as it:
            _set(it.thing, details)
            it.thing.verified_at = timezone.now()
            it.thing.save()
    except IntegrityError:
        taken = _("这个统一社会信用代码已经登记。")
        raise Invalid(taken, {"credit_code": taken}) from None
    return it.thing


def party_verify(actor: Actor, party: Party) -> Party:
    """Confirm that a party is who it says: by the bureau of its city, or the office."""
    if not may_verify(actor, party):
        raise Forbidden(_("主体由它所在城市的投促局或走廊办核验。"))
    with act(actor, "party.verify", party) as it:
        it.thing.verified_at = it.thing.verified_at or timezone.now()
        it.thing.save(update_fields=["verified_at"])
    return it.thing


def may_verify(actor: Actor, party: Party) -> bool:
    """Whether an actor may confirm who a party is."""
    return actor.role is Role.OFFICE or (actor.role is Role.BUREAU and actor.city == party.city)


def party_update(actor: Actor, party: Party, details: Details) -> Party:
    """Change what a party says of itself: by its manager. A new name is to be verified again."""
    if not (actor.manager and actor.party == party.pk):
        raise Forbidden(_("只有本主体的管理员可以修改资料。"))
    _checked(details, (*OPEN_KINDS, Party.Kind(party.kind)))
    with act(actor, "party.update", party) as it:
        if (it.thing.name, it.thing.kind, it.thing.city) != (
            details.name,
            details.kind,
            details.city,
        ):
            if it.thing.kind in ROLE_OF:
                raise Forbidden(_("投促局与走廊办的名称、类型和城市由走廊办登记，不能修改。"))
            it.thing.verified_at = None
        _set(it.thing, details)
        it.thing.save()
        it.thing.memberships.update(city=details.city)
    return it.thing


def user_update(
    actor: Actor, user: User, *, name: str, phone: str, email: str, mails: bool
) -> User:
    """Change one's own name and contact, and whether notices come by mail as well."""
    with act(actor, "user.update", user) as it:
        it.thing.name, it.thing.mails = mask_contacts(name), mails
        it.thing.phone, it.thing.email = phone, email
        it.thing.save(update_fields=["name", "phone", "email", "mails"])
    return it.thing


def begin(actor: Actor, user: User, party: Party, role: Role, *, manager: bool) -> Membership:
    """Let someone act for a party. Part of a verb that has decided so.

    Raises ``NotNow`` where they do already.
    """
    made = Membership(user=user, party=party, role=role, city=party.city, manager=manager)
    try:
        with act(actor, "membership.begin", made) as it:
            it.thing.save()
            it.diff |= {"user": user.pk, "party": party.pk}
    except IntegrityError:
        raise NotNow(_("这位用户已经以这个身份代表该主体。")) from None
    return made


def speak(user: User, language: str) -> None:
    """Write to a user in another language from now on. A preference: not in the audit."""
    User.objects.filter(pk=user.pk).update(language=language)


def new_user(who: Person) -> User:
    """A user who can log in. Raises ``Invalid`` for a name that is taken or a weak password."""
    username = who.username.strip().lower()
    name = mask_contacts(who.name)
    user = User(username=username, name=name, phone=who.phone, email=who.email)
    wrong = {}
    if User.objects.filter(username__iexact=username).exists():
        wrong["username"] = _("这个登录名已被使用，请换一个。")
    elif mask_contacts(username) != username or "@" in username:
        wrong["username"] = _("登录名会显示给同事，请不要用手机号或邮箱。")
    try:
        user.full_clean(exclude=["password", "name"])
    except ValidationError as error:
        for field, texts in error.message_dict.items():
            wrong.setdefault(field, " ".join(texts))
    try:
        validate_password(who.password, user)
    except ValidationError as error:
        wrong["password"] = " ".join(error.messages)
    if wrong:
        raise Invalid(_("账号信息有误。"), wrong)
    user.set_password(who.password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        taken = _("这个登录名已被使用，请换一个。")
        raise Invalid(taken, {"username": taken}) from None
    return user


def _set(party: Party, details: Details) -> None:
    party.name = mask_contacts(details.name)
    party.kind, party.city = details.kind, details.city
    party.size, party.industry = details.size, details.industry
    party.about = mask_contacts(details.about)
    party.contact_name, party.contact_phone = details.contact_name, details.contact_phone
    party.contact_email = details.contact_email


def checked_code(credit_code: str) -> None:
    """Raises ``Invalid`` for what cannot be a credit code, saying what is wrong with it."""
    try:
        check_credit_code(credit_code)
    except ValidationError as error:
        said = " ".join(error.messages)
        raise Invalid(said, {"credit_code": said}) from None


def _checked(details: Details, kinds: tuple[str, ...]) -> None:
    wrong = {}
    if not details.name.strip():
        wrong["name"] = _("请填写营业执照或证书上的全称。")
    if details.kind not in kinds:
        wrong["kind"] = _("请选择主体类型。")
    if details.city not in dict(city_choices()):
        wrong["city"] = _("请选择走廊内的城市。")
    if wrong:
        raise Invalid(_("主体信息有误。"), wrong)

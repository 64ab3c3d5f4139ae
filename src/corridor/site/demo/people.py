"""The people of the demo: nine bureaus, the office, and the named logins."""

import secrets
from dataclasses import dataclass

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password

from corridor.engine.factors.credit_code import credit_check

from ..core.actor import STAFF, Role
from ..core.models import Membership, Party, User
from ..core.region import corridor

#: A service number that belongs to no person (the operator's own recharge line).
PHONE = "13800138000"


#: The roles of the bar, in its order: the office, two bureaus, three parties, judge and analyst.
NAMED = (
    "office", "suzhou", "hefei", "suzhou-firm", "hefei-lab", "jiaxing-park", "judge", "analyst",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """A login printed once, and one role of the role bar."""

    username: str
    name: str
    party: str
    role: str
    password: str
    secret: str


def offices() -> dict[str, Party]:
    """The corridor's office under "" and each city's bureau under its code."""
    region = corridor()
    made = {"": _public_body("走廊联席会议办公室（演示）", Party.Kind.OFFICE, region.codes[0], 0)}
    for number, city in enumerate(region.cities, 1):
        name = f"{city.label.zh}投资促进局（演示）"
        made[city.code] = _public_body(name, Party.Kind.BUREAU, city.code, number)
    return made


def _public_body(name: str, kind: str, city: str, number: int) -> Party:
    head = f"11{city}YY{number:06d}0"
    return Party(
        name=name,
        kind=kind,
        city=city,
        credit_code=head + credit_check(head),
        contact_name="演示",
        contact_phone=PHONE,
    )


def log_in(username: str, name: str, party: Party, role: Role) -> Login:
    """Make a person with a random password, and a second factor where the role needs one."""
    password = secrets.token_urlsafe(9)
    user = User.objects.create(
        username=username, name=name, password=make_password(password), is_active=True
    )
    Membership.objects.create(user=user, party=party, role=role, city=party.city, manager=True)
    secret = generate_totp_secret() if role in STAFF else ""
    if secret:
        TOTP.activate(user, secret)
    return Login(username, name, party.name, str(role.label), password, secret)


def table(logins: list[Login]) -> str:
    """The logins as text, for the terminal. They are random and made for this demo alone."""
    lines = ["演示登录（本机，密码随机）/ demo logins (this machine, random passwords)", ""]
    for login in logins:
        factor = f"  动态口令密钥 TOTP: {login.secret}" if login.secret else ""
        lines.append(
            f"  {login.username:<12} {login.password:<14} {login.name} · {login.party}{factor}"
        )
    lines += [
        "",
        "  不登录也可用页面顶部的“看作”切换角色。/ or switch roles in the bar on each page.",
    ]
    return "\n".join(lines) + "\n"

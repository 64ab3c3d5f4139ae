"""Whatever can be asked of the site's pages: for each address a thing of Alice's, and a right body for each verb.

A verb's body is right, and the thing it is about is in a state that allows the verb: what is then
refused is refused for who asks, and for nothing else.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from alices_world import CODE, PASSWORD, PHONE, World
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY as AUTHENTICATED
from asking import Ask, ask
from browsing import logged_in
from cast import HEFEI, SUZHOU, credit_code
from conference_errands import organising
from conference_taking import taking_part
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from corridor.site.api.models import ApiToken
from corridor.site.core.actor import Actor
from corridor.site.core.middleware import ACTING
from corridor.site.core.models import User
from corridor.site.leads import gate
from corridor.site.leads.models import Lead


def login(actor: Actor | None) -> Client:
    """A client of someone logged in just now, past the second factor; of the public."""
    if actor is None or actor.user is None:
        return Client(raise_request_exception=False)
    user = User.objects.get(pk=actor.user)
    client = logged_in(user)
    client.raise_request_exception = False
    session = client.session
    again = {"method": "password", "at": time.time(), "reauthenticated": True}
    session[ACTING] = actor.membership
    session[AUTHENTICATED], session[f"{AUTHENTICATED}_user"] = [again], str(user.pk)
    session.save()
    return client


def headers(actor: Actor | None) -> dict[str, str]:
    """The headers of a program that acts as ``actor``; the use of its token leaves no trace."""
    if actor is None or actor.user is None:
        return {}
    text = f"crd_{actor.membership}"
    ApiToken.objects.get_or_create(
        digest=hashlib.sha256(text.encode()).hexdigest(),
        defaults={
            "party_id": actor.party,
            "membership_id": actor.membership,
            "name": "x",
            "hint": "x",
            "used_on": timezone.localdate(),
        },
    )
    return {"Authorization": f"Bearer {text}"}


def pages(w: World) -> dict[str, list[Ask]]:
    """What is asked of each page, by its name."""
    return {
        "ui:home": ask(),
        "ui:text_size": ask(size="large"),
        "set_language": ask(language="en"),
        **_account(w),
        **_parties(w),
        **_files(w),
        **_publishing(w),
        **_market(w),
        **_docking(w),
        **_leads(w),
        **_programs(w),
        **organising(w),
        **taking_part(w),
        "notices:list": ask(),
        "notices:read_all": ask(),
        "notices:follow": ask(w.notice.pk),
        "notices:read": ask(w.notice.pk),
    }


def _account(w: World) -> dict[str, list[Ask]]:
    new = "Ling-Yi-2026-九城"
    return {
        "account_login": ask(login="alice", password=PASSWORD),
        "account_logout": ask(),
        "account_change_password": ask(oldpassword=PASSWORD, password1=new, password2=new),
        "account_set_password": ask(password1=new, password2=new),
        "account_reauthenticate": ask(password=PASSWORD),
        "account_inactive": ask(),
        "usersessions_list": ask(),
        "mfa_index": ask(),
        "mfa_authenticate": ask(code="000000"),
        "mfa_reauthenticate": ask(code="000000"),
        "mfa_activate_totp": ask(code="000000"),
        "mfa_deactivate_totp": ask(),
        "mfa_view_recovery_codes": ask(),
        "mfa_generate_recovery_codes": ask(),
        "mfa_download_recovery_codes": ask(),
        "core:me": ask(name="新名字", phone=PHONE, email=""),
        "core:session_end": ask(w.session.pk),
        "core:acting": ask(membership=w.cast.alice.membership),
        "desks:desk": ask(),
        "desks:numbers": ask(),
        "desks:exits": ask(),
    }


PERSON = {
    "person_name": "新人",
    "phone": PHONE,
    "username": "newcomer",
    "password": "Xin-Ren-2026-九城",
}


def _parties(w: World) -> dict[str, list[Ask]]:
    own, about = w.cast.alice.party, {"city": SUZHOU, "kind": "enterprise"}
    contact = {"contact_name": "王", "contact_phone": PHONE}
    return {
        "core:join": ask(
            **about, **PERSON, credit_code=credit_code(1), name="苏州又一有限公司", agreed="on"
        ),
        "core:invitation": ask(CODE, **PERSON),
        "core:parties": ask(),
        "core:party_new": ask(
            credit_code=credit_code(2), name="无锡市投资促进局", kind="bureau", city="330400"
        ),
        "core:party": ask(own),
        "core:party_edit": ask(own, **about, **contact, name="苏州澄源精密有限公司"),
        "core:party_verify": ask(w.fresh.pk),
        "core:party_members": ask(own, note="张工", role="member"),
        "core:members": ask(note="张工", role="member"),
        "core:member_end": ask(w.colleague.membership, reason="离职"),
        "core:member_appoint": ask(w.colleague.membership),
        "core:member_relieve": ask(w.manager.membership),
        "core:member_password": [
            Ask("colleague", (w.colleague.membership,)),
            Ask("former", (w.former.membership,)),
            Ask("officer", (w.cast.judge.membership,)),
        ],
        "core:member_factor": ask(w.cast.suzhou.membership, reason="手机丢失"),
        "core:password_new": ask(*w.link, password="Xin-Mi-Ma-2026-九城"),
        "core:invitation_withdraw": ask(w.invitation.pk),
        "core:request_approve": ask(w.request.pk),
        "core:request_decline": ask(w.request.pk, reason="不认识"),
    }


def _files(w: World) -> dict[str, list[Ask]]:
    return {
        "core:job": ask(w.job.pk),
        "core:job_cancel": ask(w.job.pk),
        "core:file": ask(w.file.key),
        "listings:import": ask(file="a.csv", anonymity="public", agreed="on"),
        "listings:template": ask(query="?kind=space&side=need"),
        "listings:imported": ask(w.imported.pk),
        "listings:export": ask(format="csv", reason="研究"),
    }


def upload() -> SimpleUploadedFile:
    """A file to send; a new one each time, for it is read."""
    return SimpleUploadedFile("a.csv", "标题,城市\n求租厂房,苏州\n".encode())


def _publishing(w: World) -> dict[str, list[Ask]]:
    said = {"text": "求租三千平单层厂房", "side": "need", "kind": "space"}
    fields = {"title": "求租厂房", "city": SUZHOU}
    contact = {
        "anonymity": "public", "contact_name": "王", "contact_phone": PHONE, "capacity": "1", "agreed": "on",
    }  # fmt: skip
    draft = w.draft.ref
    return {
        "listings:new": ask(**said),
        "listings:edit": [
            Ask("1", (draft, 1), sent=said),
            Ask("2", (draft, 2), sent=fields),
            Ask("3", (draft, 3), sent=contact),
        ],
        "listings:revise": ask(w.need.ref, **fields, **contact),
        "listings:discard": ask(draft),
        "listings:mine": ask(),
        "listings:review": ask(),
        "listings:review_one": [
            Ask("city pass", (w.waiting.ref,), sent={"pass": "1", "version": "1"}),
            Ask("city return", (w.waiting.ref,), sent=_RETURN),
            Ask("corridor pass", (w.passed.ref,), sent={"pass": "1", "version": "1"}),
            Ask("corridor return", (w.passed.ref,), sent=_RETURN),
        ],
        "listings:renew": ask(w.need.ref),
        "listings:close": ask(w.need.ref, why="plan_changed", note=""),
        "listings:hide": ask(w.need.ref, reason="与事实不符"),
        "listings:restore": ask(w.hidden.ref, reason="已核实"),
        "listings:versions": ask(w.need.ref),
    }


_RETURN = {"reasons": ["vague"], "note": "请写明面积", "version": "1"}


def _market(w: World) -> dict[str, list[Ask]]:
    answer = {"answer": "已核实"}
    return {
        "listings:list": ask(query="?kind=space"),
        "listings:read": ask(q="求租三千平单层厂房"),
        "listings:detail": [
            Ask("public", (w.need.ref,)),
            Ask("draft", (w.draft.ref,)),
            Ask("waiting", (w.waiting.ref,)),
            Ask("hidden", (w.hidden.ref,)),
            Ask("corridor", (w.inside.ref,)),
            Ask("named", (w.named.ref,)),
        ],
        "listings:saved": [Ask(sent={"name": "厂房", "query": "kind=space"})],
        "listings:forget": ask(w.saved.pk),
        "listings:report": ask(w.need.ref, why="false", note="面积不对"),
        "listings:reports": ask(),
        "listings:decide": [
            Ask("hide", (w.report.pk,), sent=answer | {"verdict": "hide"}),
            Ask("keep", (w.report.pk,), sent=answer | {"verdict": "keep"}),
        ],
    }


def _docking(w: World) -> dict[str, list[Ask]]:
    asked, accepted, other = w.asked.ref, w.accepted.ref, w.offers[3].ref
    told = {"result": "met", "on": timezone.localdate().isoformat()}
    return {
        "docking:matches": ask(w.need.ref),
        "docking:unsuitable": [
            Ask("", (w.need.ref,), sent={"other": other, "reason": "price", "note": ""}),
            Ask("undo", (w.need.ref,), sent={"other": other, "undo": "1"}),
        ],
        "docking:introductions": ask(),
        "docking:introduce": ask(other, cooperation="lease", question="何时可看？", agreed="on"),
        "docking:introduction": ask(asked),
        "docking:verb": [
            Ask("accept", (asked, "accept"), sent={"agreed": "on"}),
            Ask("decline", (asked, "decline"), sent={"reason": "price"}),
            Ask("withdraw", (asked, "withdraw")),
            Ask("message", (asked, "message"), sent={"text": "您好"}),
            Ask("remind", (asked, "remind")),
            Ask("contacts", (accepted, "contacts"), sent={"purpose": "约看现场"}),
            Ask("outcome", (accepted, "outcome"), sent=told),
            Ask("take-back", (accepted, "take-back")),
            Ask("give-again", (w.taken_back.ref, "give-again")),
        ],
    }


def _leads(w: World) -> dict[str, list[Ask]]:
    report = {
        "need": "求租五千平厂房", "company": "另一公司", "contact_name": "李", "phone": "13900004321",
        "agreed": "on", "step": "2", "once": gate.new_token(),
    }  # fmt: skip
    token = signing.dumps(w.lead.ref, salt="corridor.leads.received")
    return {
        "leads:list": ask(),
        "leads:new": ask(**report),
        "leads:received": ask(token),
        "leads:status": ask(ref=w.lead.ref, four=PHONE[-4:]),
        "leads:card": ask(),
        "leads:clocks": ask(contact=2, judge=4, answer=8, progress=30),
        "leads:detail": ask(w.lead.ref),
        "leads:verb": [
            Ask(name, (lead.ref, name), sent=sent) for name, (lead, sent) in lead_verbs(w).items()
        ],
    }


def lead_verbs(w: World) -> dict[str, tuple[Lead, dict[str, Any]]]:
    """The verbs of a lead, each with one that it may be done to now, and what it takes."""
    convert = {
        "credit_code": credit_code(3), "party_kind": "enterprise", "side": "need", "kind": "space",
        "title": "求租厂房", "text": "请加入平台核对。",
    }  # fmt: skip
    offer = {"offer": w.offer.pk}
    return {
        "accept": (w.offered, offer),
        "decline": (w.offered, offer | {"text": "不符合规划"}),
        "withdraw": (w.offered, offer),
        "admit": (w.held, {}),
        "assign": (w.lead, {"city": HEFEI, "text": "企业改投合肥"}),
        "reveal": (w.lead, {"purpose": "联系企业"}),
        "contact": (w.lead, {"text": "已通话"}),
        "judge": (w.contacted, {"verdict": "valid", "stated": ["investor"], "text": "其余后补"}),
        "answer": (w.valid, {"text": "请来面谈。"}),
        "talk": (w.answered, {"text": "周三面谈"}),
        "progress": (w.answered, {"text": "已看厂"}),
        "convert": (w.valid, convert),
        "propose": (w.lead, {"to_city": HEFEI, "kept": 50, "text": "产业在合肥"}),
        "note": (w.lead, {"text": "电话里说得很急"}),
        "close": (w.lead, {"end_reason": "gave_up", "text": "企业放弃"}),
    }


def _programs(w: World) -> dict[str, list[Ask]]:
    return {
        "api:programs": ask(name="招商系统"),
        "api:revoke": ask(w.token.pk),
        "api:add_hook": ask(url="https://93.184.216.34/hook"),
        "api:end_hook": ask(w.hook.pk),
        "api:replay": ask(w.delivery.pk),
        "api:openapi": ask(),
    }

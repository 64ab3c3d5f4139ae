"""The officers' verbs as the page offers them: which form each has, and what sending it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..core.actor import Actor, Role
from ..core.errors import Text
from ..core.region import corridor
from . import actions, circulation, conversion, forms, queries
from .lifecycle import CIRCULATION, LEAD, desk, responsible
from .models import OPEN, Circulation, Lead, State

Data = Mapping[str, Any]
Sent = QueryDict | None
#: Makes the form of a verb: of a lead, of what was sent or ``None``, and the prefix of its ids.
Make = Callable[[Lead, Sent, str], forms.Form]


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the lead's page.

    Attributes:
        label: the words of its button.
        title: what is to be done, where the button says it otherwise.
        beside: the verb that is shown together with this one, being needed for it or its opposite.
        form: makes its form.
        run: does it; the fields that it refuses are the form's.
        grave: whether it cannot be taken back.
    """

    label: Text
    form: Make
    run: Callable[[Actor, Lead, Data], object]
    grave: bool = False
    title: Text = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A verb that the actor may do to a lead now, and where its form stands.

    ``place`` is ``first`` for what is to be done next, ``beside`` for what goes with it, or "".
    """

    name: str
    verb: Verb
    form: forms.Form
    place: str


def offer_of(lead: Lead) -> Circulation | None:
    """The offer to another city that is open, if one is."""
    offers = (one for one in lead.circulations.all() if one.state == Circulation.State.PROPOSED)
    return next(offers, None)


def offered(actor: Actor, lead: Lead, sent: tuple[str, forms.Form] | None = None) -> list[Offered]:
    """What the actor may do now, what is next first; ``sent`` is a form to be shown with errors."""
    names = list(dict.fromkeys(_open_to(actor, lead)))
    wanted = (sent[0] if sent else "", *_NEXT)
    first = next((name for name in wanted if name in names and name != "reveal"), "")
    places = {VERBS[first].beside: "beside", first: "first"} if first else {}
    return [
        Offered(
            name=name,
            verb=VERBS[name],
            form=sent[1] if sent and sent[0] == name else form_of(name, lead, None),
            place=places.get(name, ""),
        )
        for name in VERBS
        if name in names
    ]


def form_of(name: str, lead: Lead, data: Sent) -> forms.Form:
    """The form of a verb."""
    return VERBS[name].form(lead, data, f"{name}_%s")


def _open_to(actor: Actor, lead: Lead) -> list[str]:
    found = [_PAGE.get(verb, verb) for verb in LEAD.open_to(actor, lead)]
    offer = offer_of(lead)
    if offer is not None:
        found += CIRCULATION.open_to(actor, offer)
    mine, active = responsible(actor, lead), lead.state in OPEN
    if actor.role is Role.OFFICE and active and offer is None:
        found.append("assign")
    if mine and active and lead.state != State.HELD:
        found += ["reveal"] if offer else ["reveal", "propose"]
    if mine and lead.state in (State.ANSWERED, State.TALKS):
        found.append("progress")
    return [*found, "note"] if desk(actor, lead) else found


#: Two moves that the page asks for in one form.
_PAGE = {"judge_valid": "judge", "judge_invalid": "judge"}
#: The first of these that may be done is what is to be done next.
_NEXT = ("accept", "admit", "contact", "judge", "answer", "talk", "progress", "assign", "close")


def _text(label: Text, *, required: bool = False) -> Make:
    def make(_lead: Lead, data: Sent, ids: str) -> forms.Form:
        return forms.TextForm(data, auto_id=ids, label=label, required=required)

    return make


def _plain(form: type[forms.Form]) -> Make:
    return lambda _lead, data, ids: form(data, auto_id=ids)


def _assign_form(lead: Lead, data: Sent, ids: str) -> forms.Form:
    named = {city.code for code in lead.values.get("place", []) if (city := corridor().city(code))}
    initial = {"city": named.pop() if len(named) == 1 else ""}
    return forms.AssignForm(data, auto_id=ids, initial=initial)


def _reveal_form(lead: Lead, data: Sent, ids: str) -> forms.Form:
    purpose = _("联系企业，办理线索 %(ref)s") % {"ref": lead.ref}
    return forms.RevealForm(data, auto_id=ids, initial={"purpose": purpose})


def _propose_form(lead: Lead, data: Sent, ids: str) -> forms.Form:
    return forms.ProposeForm(data, auto_id=ids, lead=lead)


def _answer_to_offer(form: type[forms.Form]) -> Make:
    def make(lead: Lead, data: Sent, ids: str) -> forms.Form:
        offer = offer_of(lead)
        return form(data, auto_id=ids, initial={"offer": offer.pk if offer else None})

    return make


def _convert_form(lead: Lead, data: Sent, ids: str) -> forms.Form:
    text = _("已根据您的需求起草一条供需信息。请用贵公司的统一社会信用代码加入平台，核对后提交。")
    return forms.ConvertForm(
        data, auto_id=ids, lead=lead, read=queries.reading(lead), initial={"text": text}
    )


def _judge(actor: Actor, lead: Lead, data: Data) -> None:
    if data["verdict"] == "valid":
        actions.judge_valid(actor, lead, data["stated"], data["text"])
    else:
        actions.judge_invalid(actor, lead, data["stated"], data["end_reason"], data["text"])


def _convert(actor: Actor, lead: Lead, data: Data) -> None:
    shown = {name for name, _label, _value in queries.reading(lead)}
    draft = conversion.Draft(
        credit_code=data["credit_code"],
        party_kind=data["party_kind"],
        side=data["side"],
        kind=data["kind"],
        title=data["title"],
        without=shown - set(data.get("keep", [])),
        same=data["same"],
    )
    conversion.convert(actor, lead, draft, data["text"])


VERBS: Mapping[str, Verb] = {
    "accept": Verb(
        gettext_lazy("接收这条线索"),
        _answer_to_offer(forms.OfferForm),
        lambda actor, lead, data: circulation.accept(actor, lead, data["offer"]),
        title=gettext_lazy("答复是否接收"),
        beside="decline",
    ),
    "decline": Verb(
        gettext_lazy("不接收"),
        _answer_to_offer(forms.DeclineForm),
        lambda actor, lead, data: circulation.decline(actor, lead, data["offer"], data["text"]),
    ),
    "admit": Verb(
        gettext_lazy("不是垃圾信息，转入办理"),
        _plain(forms.Form),
        lambda actor, lead, _data: actions.admit(actor, lead),
        title=gettext_lazy("甄别"),
        beside="close",
    ),
    "assign": Verb(
        gettext_lazy("分派城市"),
        _assign_form,
        lambda actor, lead, data: actions.assign(actor, lead, data["city"], data["text"]),
    ),
    "reveal": Verb(
        gettext_lazy("查看联系方式"),
        _reveal_form,
        lambda actor, lead, data: actions.reveal(actor, lead, data["purpose"]),
    ),
    "contact": Verb(
        gettext_lazy("已联系企业"),
        _text(gettext_lazy("联系情况")),
        lambda actor, lead, data: actions.contact(actor, lead, data["text"]),
        title=gettext_lazy("联系企业"),
        beside="reveal",
    ),
    "judge": Verb(gettext_lazy("研判"), _plain(forms.JudgeForm), _judge),
    "answer": Verb(
        gettext_lazy("答复企业"),
        _text(gettext_lazy("答复内容（企业会在进度页看到）"), required=True),
        lambda actor, lead, data: actions.answer(actor, lead, data["text"]),
    ),
    "talk": Verb(
        gettext_lazy("进入洽谈"),
        _text(gettext_lazy("洽谈安排")),
        lambda actor, lead, data: actions.talk(actor, lead, data["text"]),
    ),
    "progress": Verb(
        gettext_lazy("通报推进情况"),
        _text(gettext_lazy("推进情况"), required=True),
        lambda actor, lead, data: actions.progress(actor, lead, data["text"]),
    ),
    "convert": Verb(gettext_lazy("转为供需信息"), _convert_form, _convert, grave=True),
    "propose": Verb(
        gettext_lazy("推荐给另一城市"),
        _propose_form,
        lambda actor, lead, data: circulation.propose(
            actor, lead, data["to_city"], data["kept"], data["text"]
        ),
    ),
    "withdraw": Verb(
        gettext_lazy("撤回推荐"),
        _answer_to_offer(forms.OfferForm),
        lambda actor, lead, data: circulation.withdraw(actor, lead, data["offer"]),
    ),
    "note": Verb(
        gettext_lazy("添加备注"),
        _text(gettext_lazy("备注（企业看不到）"), required=True),
        lambda actor, lead, data: actions.note(actor, lead, data["text"]),
    ),
    "close": Verb(
        gettext_lazy("结束线索"),
        _plain(forms.CloseForm),
        lambda actor, lead, data: actions.close(actor, lead, data["end_reason"], data["text"]),
        grave=True,
    ),
}

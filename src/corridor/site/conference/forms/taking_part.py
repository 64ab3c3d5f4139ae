"""What is typed to take part: the listings one comes for, and when one cannot meet."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...core.forms import Form
from ...listings.models import Listing
from ..joining import SCREEN_TEXT, TEXT, Part
from ..models import Language, Participant, Slot


def said_of(slot: Slot) -> str:
    """A slot as it is chosen from a list."""
    start, end = timezone.localtime(slot.start), timezone.localtime(slot.end)
    return f"{start:%m-%d} {slot.session} {start:%H:%M}–{end:%H:%M}"


class PartForm(Form):
    """How a party takes part; with its consent, unless it has given that already."""

    listings = forms.MultipleChoiceField(
        label=gettext_lazy("带来的供需信息"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "其他参会方按这些信息约您。匿名信息不能与其他信息一起带来：对方会推知是同一家。"
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("需要翻译"),
        required=False,
        help_text=gettext_lazy("不说中文时选择，洽谈时安排翻译。"),
    )
    away = forms.MultipleChoiceField(
        label=gettext_lazy("不便的场次"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("勾选的场次不会安排您的洽谈。"),
    )
    most = forms.IntegerField(
        label=gettext_lazy("最多洽谈"),
        required=False,
        min_value=1,
        max_value=200,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("全天最多几场；留空按大会的规定。"),
    )
    on_screen = forms.BooleanField(label=SCREEN_TEXT, required=False)
    agreed = forms.BooleanField(
        label=TEXT, error_messages={"required": gettext_lazy("请阅读并勾选，才能报名。")}
    )

    def __init__(
        self, own: Sequence[Listing], slots: Sequence[Slot], *given: Any, agreed: bool = False
    ) -> None:
        super().__init__(*given)
        self.own = {one.ref: one for one in own}
        titles = [(one.ref, _choice(one)) for one in own]
        self.fields["listings"].choices = titles  # type: ignore[attr-defined]
        languages = [("", _("不需要")), *Language.choices]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        rounds = _rounds(slots)
        self.fields["away"].choices = rounds  # type: ignore[attr-defined]
        if agreed:
            del self.fields["agreed"]

    def start_from(self, part: Participant | None) -> None:
        """Show what was said before; at first all that can be brought, none of it anonymous."""
        if part is None:
            open_ = [ref for ref, one in self.own.items() if one.anonymity != "anonymous"]
            self.initial = {"listings": open_ or list(self.own)[:1]}
            return
        self.initial = {
            "listings": [one.ref for one in part.listings.all()],
            "language": part.language,
            "away": [str(number) for number in part.away],
            "most": part.most,
            "on_screen": part.on_screen,
        }

    def part(self) -> Part:
        """What was typed."""
        said = self.cleaned_data
        return Part(
            [self.own[ref] for ref in said["listings"]],
            said["language"],
            [int(number) for number in said["away"]],
            said["most"],
            said["on_screen"],
        )


def _rounds(slots: Sequence[Slot]) -> list[tuple[str, str]]:
    """The slots to be ticked, by when they begin; with the day where there are several."""
    starts = [timezone.localtime(slot.start) for slot in slots]
    way = "%H:%M" if len({at.date() for at in starts}) == 1 else "%m-%d %H:%M"
    return [(str(slot.number), f"{at:{way}}") for slot, at in zip(slots, starts, strict=True)]


def _choice(one: Listing) -> str:
    hidden = one.anonymity == "anonymous"
    words = [one.title, one.get_side_display(), one.ref, *([_("匿名")] if hidden else [])]
    return " · ".join(words)


class LateForm(Form):
    """The first slot one makes it to."""

    slot = forms.ChoiceField(label=gettext_lazy("从哪一场起能到"))

    def __init__(self, slots: Sequence[Slot], *given: Any) -> None:
        super().__init__(*given)
        self.slots = {str(slot.number): slot for slot in slots}
        choices = [(name, said_of(slot)) for name, slot in self.slots.items()]
        self.fields["slot"].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]


class InviteForm(Form):
    """Which of its listings a party is asked to bring."""

    listings = forms.MultipleChoiceField(
        label=gettext_lazy("请其带来"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, listings: Sequence[Listing], *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.own = {one.ref: one for one in listings}
        choices = [(one.ref, _choice(one)) for one in listings]
        self.fields["listings"].choices = choices  # type: ignore[attr-defined]
        self.fields["listings"].initial = list(self.own) if len(self.own) == 1 else []

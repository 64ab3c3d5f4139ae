"""The tags and parts that pages are made of: what they print, and that it is escaped and styleless."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from corridor.engine.factors import Label, all_kinds
from corridor.site.core.models import Job
from corridor.site.core.region import corridor
from corridor.site.ui import drawing
from corridor.site.ui.drawing import ARROWS, city_map
from corridor.site.ui.templatetags.ui import TONES, badge

UI = Path(drawing.__file__).parent
STATIC = UI / "static" / "ui"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
EVIL = '<script>alert("x")</script>'


def show(text: str, address: str = "/list/", **context: Any) -> str:
    context = {"now": NOW, "request": RequestFactory().get(address), **context}
    return Template("{% load ui %}" + text).render(Context(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_a_label_is_in_the_language_of_the_page() -> None:
    label = Label("嘉兴", "Jiaxing")
    assert show("{{ x|label }}", x=label) == "嘉兴"
    with translation.override("en"):
        assert show("{{ x|label }}", x=label) == "Jiaxing"
    assert show("{{ x|label }}{{ y|label }}", x="a<b", y=None) == "a&lt;b"


def test_numbers_are_grouped_in_every_language() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert show("{{ a|number }} {{ b|number }}", a=20471, b=Decimal("1234.50")) == (
                "20,471 1,234.50"
            )
    assert show("{{ x|number }}", x=None) == "—"


@pytest.mark.parametrize(
    ("away", "text", "haste"),
    [
        (timedelta(days=2, hours=3, minutes=59), "还剩 2 天 3 小时", "calm"),
        (timedelta(days=1), "还剩 1 天", "calm"),
        (timedelta(hours=5, minutes=1), "还剩 5 小时 1 分钟", "soon"),
        (timedelta(seconds=59), "还剩 不到 1 分钟", "soon"),
        (timedelta(0), "还剩 不到 1 分钟", "soon"),
        (-timedelta(hours=5), "已超 5 小时", "over"),
    ],
)
def test_due_says_what_is_left_or_over(away: timedelta, text: str, haste: str) -> None:
    html = show("{% due when now=now %}", when=NOW + away)
    assert words(html) == text
    assert f'class="due {haste}"' in html


def test_a_bare_date_is_due_at_its_end_in_shanghai() -> None:
    html = show("{% due when now=now %}", when=date(2026, 11, 22))
    assert words(html) == "还剩 11 小时 59 分钟"
    assert 'datetime="2026-11-22T23:59:59+08:00"' in html


@pytest.mark.parametrize(
    ("past", "text"),
    [
        (timedelta(seconds=30), "刚刚"),
        (timedelta(minutes=-5), "刚刚"),
        (timedelta(minutes=5), "5 分钟前"),
        (timedelta(hours=3), "3 小时前"),
        (timedelta(days=2, hours=20), "2 天前"),
        (timedelta(days=31), "2026-10-22"),
    ],
)
def test_ago_says_when(past: timedelta, text: str) -> None:
    assert words(show("{% ago when now=now %}", when=NOW - past)) == text


def test_times_count_in_english() -> None:
    with translation.override("en"):
        assert words(show("{% ago x now=now %}", x=NOW - timedelta(hours=1))) == "1 hour ago"
        due = NOW + timedelta(days=2, hours=1)
        assert words(show("{% due x now=now %}", x=due)) == "2 days 1 hour left"
    assert show("{% due x %}{% ago x %}", x=None) == "——"


def test_a_clock_runs_and_stops() -> None:
    start, due = NOW - timedelta(hours=6), NOW + timedelta(hours=2)
    running = show("{% clock a b now=now %}", a=start, b=due)
    assert 'width="75.0"' in running
    assert "clock warn" in running
    met = show("{% clock a b done=c now=now %}", a=start, b=due, c=NOW - timedelta(hours=4))
    assert words(met) == "按时办结"
    assert 'width="25.0"' in met
    late = show("{% clock a b done=c %}", a=start, b=due, c=due + timedelta(hours=1))
    assert words(late) == "已办，已超 1 小时"
    assert "clock bad" in late
    assert 'width="0.0"' in show("{% clock a a now=now %}", a=NOW)


def test_a_badge_shows_a_state() -> None:
    job = Job(state=Job.State.FAILED)
    assert badge(job) == '<span class="badge bad">失败</span>'
    assert badge("x", "ok") == '<span class="badge ok">x</span>'
    assert badge(Label("甲", "A")) == '<span class="badge neutral">甲</span>'
    assert "<script" not in badge(EVIL)


def test_every_tone_is_that_of_a_state() -> None:
    fields = [field for model in apps.get_models() for field in model._meta.fields]
    states = {
        value
        for field in fields
        if field.name in ("state", "result")
        for value, _ in field.choices or ()
    }
    assert TONES.keys() <= states


def test_a_rate_has_numerator_denominator_and_window() -> None:
    assert words(show('{% rate 312 1330 "近 90 天" %}')) == "23.5% 312 / 1,330，近 90 天"
    assert words(show('{% rate 0 0 "近 90 天" %}')) == "— 0 / 0，近 90 天"


def test_a_meter_is_a_score_or_a_count() -> None:
    assert words(show("{% meter 0.864 %}")) == "86 分"
    assert words(show("{% meter 3 total=1820 %}")) == "3 / 1,820"
    assert words(show('{% meter x label="互惠" %}', x=None)) == "互惠 —"
    assert 'width="100.0"' in show("{% meter 9 total=3 %}")


def test_the_funnel_shows_each_stage_of_the_one_before() -> None:
    stages = [("发布", 2000, "/a/"), ("匹配", 500, ""), ("签约", 0, "")]
    html = show('{% funnel stages "近 12 个月" %}', stages=stages)
    assert words(html) == ("发布 2,000 近 12 个月 匹配 500 25.0% 500 / 2,000 签约 0 0.0% 0 / 500")
    assert html.count('class="part"') == 3
    assert words(show('{% funnel stages "x" %}', stages=[])) == ""


def test_steps_are_done_now_or_next() -> None:
    html = show("{% steps current=2 %}")
    assert re.findall(r'<li class="(\w+)"', html) == ["done", "now", "next", "next", "next"]
    assert html.count('aria-current="step"') == 1
    assert "已退回" in show('{% steps current=2 stopped="已退回" %}')
    assert 'class="next"' not in show("{% steps current=4 names=names %}", names=["a", "b", "c"])


@pytest.mark.parametrize(
    ("call", "address"),
    [
        ('"set" "city" "7"', "?q=x&amp;city=7"),
        ('"drop" "city"', "?q=x"),
        ('"set" "page" 3', "?city=1&amp;city=2&amp;q=x&amp;page=3"),
    ],
)
def test_the_address_keeps_the_rest_but_not_the_page(call: str, address: str) -> None:
    assert show(f"{{% query_string {call} %}}", "/?city=1&city=2&q=x&page=9") == address


def test_pages_link_to_pages() -> None:
    page = Paginator(range(200), 10).page(4)
    html = show("{% paginate page %}", "/?q=a%26b&page=4", page=page)
    assert 'href="?q=a%26b&amp;page=5" rel="next"' in html
    assert words(html) == "上一页 1 2 3 4 5 … 20 下一页"
    assert show("{% paginate page %}", page=Paginator(range(3), 10).page(1)).strip() == ""


class Enquiry(forms.Form):
    title = forms.CharField(label="标题", help_text="一句话。")
    side = forms.ChoiceField(label="方向", choices=[("a", "甲")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="同意", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("整体不对。")


def test_a_field_is_tied_to_its_help_and_error() -> None:
    html = show("{% fields form %}", form=Enquiry({"title": "", "side": EVIL}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    for what in ("helptext", "error"):
        assert html.count(f'id="id_title_{what}"') == 1
    assert html.count('aria-invalid="true"') == 2
    assert html.index('id="id_agree"') < html.index('for="id_agree"')
    assert '<fieldset class="field wrong"' in html
    assert 'name="token"' in html
    assert "<script" not in html


def test_the_error_summary_leads_to_the_fields() -> None:
    html = show("{% error_summary form %}", form=Enquiry({}))
    assert words(html).startswith("有 3 处需要修改 整体不对。 标题:")
    assert re.findall(r'href="(#\w+)"', html) == ["#id_title", "#id_side_0"]
    assert 'id="id_side_0"' in show("{% fields form %}", form=Enquiry({}))
    assert show("{% error_summary form %}", form=Enquiry()).strip() == ""


def test_a_card_shows_what_there_is() -> None:
    full = {
        "url": "/l/1/",
        "title": EVIL,
        "side": "need",
        "side_label": Label("需求", "Need"),
        "kind": "space",
        "kind_label": "空间载体",
        "city_label": "嘉兴",
        "badges": [("即将到期", "warn")],
        "facts": [("面积", "两万方")],
        "reasons": ["面积满足"],
        "score": 0.9,
        "deadline": "2027-01-31 前",
        "party": "甲公司",
        "action": ("申请对接", "/l/1/ask/"),
    }
    html = show('{% include "ui/parts/listing_card.html" %}', card=full)
    assert "<script" not in html
    for text in ("需求", "即将到期", "两万方", "面积满足", "90 分", "甲公司", "申请对接"):
        assert text in html
    bare = {"url": "/l/1/", "title": "题", "side": "offer", "score": None}
    html = show('{% include "ui/parts/listing_card.html" with level=2 %}', card=bare)
    assert "<h2>" in html
    for part in ("<dl", "<ul", "meter", "<footer"):
        assert part not in html


def test_progress_asks_again_only_while_it_runs() -> None:
    page = '{% include "ui/parts/progress.html" with title="匹配" result_url="/r/" %}'
    job = Job(pk=1234, state="running", done_units=3, total_units=9, message=EVIL)
    html = show(page, job=job)
    assert 'hx-get="/jobs/1234/"' in html
    assert "3 / 9" in html
    assert "<script" not in html
    job.state = "done"
    html = show(page, job=job)
    assert "hx-get" not in html
    assert 'href="/r/"' in html


def test_a_qr_code_has_no_style_and_says_where_it_leads() -> None:
    html = show("{% qr url %}", url='https://corridor.example/l/"1"')
    assert 'aria-label="二维码：https://corridor.example/l/&quot;1&quot;"' in html
    assert "<path" in html
    assert "style" not in html


def test_the_map_draws_the_largest_flows_and_lists_all() -> None:
    codes = corridor().codes
    flows = {(a, b): 1 + i * 9 + j for i, a in enumerate(codes) for j, b in enumerate(codes)}
    drawn = city_map(corridor(), flows, {codes[0]: 1234}, {codes[0]: "/?city=1&x"})
    assert len(drawn.flows) == ARROWS
    assert drawn.flows[-1].count == max(n for (a, b), n in flows.items() if a != b)
    assert drawn.table.total == sum(flows.values())
    assert [spot.count for spot in drawn.spots] == [1234] + [0] * (len(codes) - 1)
    html = show('{% include "ui/parts/map.html" with note="n" %}', map=drawn)
    assert html.count('class="flow"') == ARROWS
    assert 'href="/?city=1&amp;x"' in html
    assert "style=" not in html


def test_a_map_without_flows_is_drawn() -> None:
    drawn = city_map(corridor(), Counter(), {})
    assert drawn.flows == []
    assert drawn.table.total == 0


def test_drawing_does_not_load_the_matcher() -> None:
    heavy = "'numpy', 'numba', 'jinja2', 'corridor.engine.matching'"
    asked = (
        "import sys, corridor.report.flows, corridor.report.wording;"
        f"sys.exit([name for name in ({heavy}) if name in sys.modules] or 0)"
    )
    subprocess.run([sys.executable, "-c", asked], check=True)


@pytest.mark.parametrize("name", ["404", "500", "refused"])
def test_error_pages_need_no_context(name: str) -> None:
    html = get_template(f"ui/errors/{name}.html").render({"error": SimpleNamespace(message=EVIL)})
    assert "<h1" in html
    assert "<script>" not in html


def test_every_icon_that_is_named_is_drawn_and_no_other() -> None:
    drawn = set(re.findall(r'id="([\w-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    pages = [file.read_text(encoding="utf-8") for file in UI.parent.rglob("templates/**/*.html")]
    named = {name for page in pages for name in re.findall(r"""icon[ =]["']([\w-]+)""", page)}
    assert named <= drawn <= named | all_kinds().keys()


def test_files_stay_small_and_at_home() -> None:
    def size(*names: str) -> int:
        return sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in names)

    assert size("corridor.css", "parts.css") <= 20_000
    assert (STATIC / "corridor.js").stat().st_size <= 6_144
    for file in STATIC.iterdir():
        addresses = re.findall(r"https?://[^\s\"')]+", file.read_text(encoding="utf-8"))
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, file.name

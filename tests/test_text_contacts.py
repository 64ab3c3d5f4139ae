"""Contacts in free text: what is found however it is written, and what must stay."""

import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corridor.demo import world
from corridor.engine.factors import all_kinds
from corridor.engine.text import ContactKind, find_contacts, mask_contacts

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared" / "data" / "matching"

HIDDEN = {
    # telephone numbers
    "一三八一二三四五六七八": "一三八****五六七八",
    "幺三八零零零零一二三四": "幺三八****一二三四",
    "壹叁捌壹贰叁肆伍陆柒捌": "壹叁捌****伍陆柒捌",
    "①③⑧①②③④⑤⑥⑦⑧": "①③⑧****⑤⑥⑦⑧",
    "138一二三四5678": "138****5678",
    "I38OOOO1234": "I38****1234",
    "1-3-8-1-2-3-4-5-6-7-8": "1-3-8-*-*-*-*-5-6-7-8",
    "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣": "1️⃣3️⃣8️⃣*️⃣*️⃣*️⃣*️⃣5️⃣6️⃣7️⃣8️⃣",
    "138 - 1234 - 5678": "138 - **** - 5678",
    "138（1234）5678": "138（****）5678",
    "手机：138,1234,5678": "手机：138,****,5678",
    "电话 138 12 345 678": "电话 138 ** **5 678",
    "13812345678微信同号": "138****5678微信同号",
    "零五七三-八二三四一二三四": "零五七*-****一二三四",
    "四零零一二三四五六七": "四零零***四五六七",
    "tel:13812345678": "tel:138****5678",
    # WeChat
    "加V: abc_123": "加V: a******",
    "加v：zhangsan": "加v：z*******",
    "vx zhang_2020": "vx z*********",
    "ＶＸ：ｚｈａｎｇ８８": "ＶＸ：ｚ******",
    "wei信 zhang_san": "wei信 z********",
    "微 信：zhangsan": "微 信：z*******",
    "微信号 zhangsan": "微信号 z*******",
    "加微信zhangsan": "加微信z*******",
    "薇信zhangsan2020": "薇信z***********",
    "微信：12345678": "微信：1*******",
    "WeChat ID: zhang_2020": "WeChat ID: z*********",
    "加微 a b c _ 1 2 3": "加微 a * * * * * *",
    "V❤：zhang123": "V❤：z*******",
    # QQ
    "扣扣12345678": "扣扣1*******",
    "扣扣一二三四五六七": "扣扣一******",
    "q q 123456": "q q 1*****",
    "加QQ群 123 456 789": "加QQ群 1** *** ***",
    "QQ邮箱12345678": "QQ邮箱1*******",
    # e-mail
    "zhang.san@163.com": "z****.***@***.com",
    "a@b.cn": "*@*.cn",
    "邮箱zhangsan@jx-laser.com.cn。": "邮箱z*******@********.com.cn。",
    "zhangsan（at）qq.com": "z*******（**）**.com",
    "zhangsan at qq.com": "z******* ** **.com",
    "zhangsan艾特qq点com": "z************com",
    "ｚｈａｎｇ＠ｑｑ．ｃｏｍ": "ｚ****＠**．ｃｏｍ",
    # identity cards
    "11010519491231002X": "1****************X",
    "一一零一零五一九四九一二三一零零二X": "一****************X",
    "身份证号：110105 19491231 0021": "身份证号：1***** ******** ***1",
    # links
    "https://u.wechat.com/EAbc123": "https://*.******.***/*******",
    "weixin://dl/chat?abc": "weixin://**/****?***",
    "http://wpa.qq.com/msgrd?v=3&uin=12345": "http://***.**.***/*****?*=*&***=*****",
    "https://abc.com/static/qrcode.png": "https://***.***/******/******.***",
    "t.me/zhangsan": "*.**/********",
    # other messengers
    "钉钉号：zhang_123": "钉钉号：z********",
}

STAY = [
    "统一社会信用代码91330400MA2BCQ1U7T", "123304004711234568", "项目编号330400202311220001", "3304001300000012",
    "GB/T 4754-2017", "ZL201310123456.7", "ZL 2013 1 0123456.7", "CN113812345A", "ISO9001:2015 IATF16949",
    "HS 4001100000", "型号WX-500", "WX500-1000系列", "VX3000", "加V型槽", "VxWorks653", "Q345R", "维信诺OLED",
    "预算1,380,000,000元", "面积1500-3000平", "2026-11-22 13:00-17:30", "联系时间13:00-17:00", "200*300*400",
    "微信小程序uniapp开发", "微信支付", "微信公众号运营", "微信v280112官方版", "WeChat Official Account开发",
    "QQ浏览器", "奇瑞QQ 100000辆", "抖音电商2024年", "飞书OpenAPI", "φ10@200", "@所有人", "1#厂房 at 嘉兴",
    "12345热线", "电压V: AC220V-50Hz", "一、三、五、七、九", "二〇二六年", "1 2 3 4 5 6 7 8 9 10 11", "App V10.2.30000",
    "https://www.g60.gov.cn/news/2024", "mp.weixin.qq.com/s/abcdef", "规格：138*1234*5678", "精度0.0001mm",
    "130 140 150 160", "微信12345人关注", "线性 line 1: ABC_123", "身份证复印件1份",
]  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), HIDDEN.items(), ids=list(HIDDEN))
def test_a_contact_is_masked_however_it_is_written(text: str, masked: str) -> None:
    assert mask_contacts(text) == masked
    assert mask_contacts(f"厂房招租，{text}，谢谢") == f"厂房招租，{masked}，谢谢"


@pytest.mark.parametrize("text", STAY)
def test_what_only_looks_like_a_contact_stays(text: str) -> None:
    assert mask_contacts(text) == text
    assert mask_contacts(f"厂房招租，{text}，谢谢") == f"厂房招租，{text}，谢谢"


def test_each_contact_is_told_with_its_kind_and_place() -> None:
    text = (
        "微信zhangsan_88，QQ12345678，邮箱z@qq.com，13812345678，11010519491231002X，t.me/zhangsan"
    )
    found = find_contacts(text)
    kinds = [c.kind for c in found]
    assert kinds == [
        ContactKind.WECHAT, ContactKind.QQ, ContactKind.EMAIL, ContactKind.PHONE, ContactKind.IDENTITY,
        ContactKind.LINK,
    ]  # fmt: skip
    assert text[found[0].start : found[0].end] == "zhangsan_88"
    assert found[0].shown == "z**********"
    assert find_contacts(text.replace("t.me/", "钉钉号:") + "1")[-1].kind is ContactKind.ACCOUNT


def test_in_a_contact_an_account_needs_no_word_before_it() -> None:
    assert mask_contacts("张工 zhang_88", contact=True) == "张工 z*******"
    assert mask_contacts("张工 zhang_88") == "张工 zhang_88"
    assert mask_contacts("张工 zhangsan", contact=True) == "张工 zhangsan"


def test_an_identity_card_is_known_by_its_check_character() -> None:
    assert mask_contacts("110105194912310020") == "110105194912310020"
    assert mask_contacts("11010519491231002X") != "11010519491231002X"


# --- laws ---

CUES = st.sampled_from(
    ["微信", "加V", "vx:", "QQ", "扣扣：", "电话", "邮箱", "@", "（at）", ".com", "https://", "u.wechat.com/",
     "身份证", "一三八", "138", "0000", "1234", "幺", "①", "-", " ", "，", "abc_123", "zhang", "t.me/",
     "+86", "0573-", "400-", "*"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=60), st.lists(CUES, max_size=14).map("".join))


@given(TEXTS, st.booleans())
@example("13800001234 13800001234", True)
@example("QQ 12345 QQ 123456@qq.com微信vx:t.me/138000012345", False)
@example("weixin:////", False)
@example("一300000一3一一000000一", False)
def test_nothing_is_found_in_what_is_masked_and_its_length_is_kept(
    text: str, contact: bool
) -> None:
    masked = mask_contacts(text, contact=contact)
    assert len(masked) == len(text)
    assert find_contacts(masked, contact=contact) == ()
    assert mask_contacts(masked, contact=contact) == masked


@given(TEXTS, st.booleans())
def test_contacts_stand_in_order_apart_and_each_hides_something(text: str, contact: bool) -> None:
    at = 0
    for found in find_contacts(text, contact=contact):
        assert at <= found.start < found.end <= len(text)
        assert len(found.shown) == found.end - found.start
        assert "*" in found.shown.replace(text[found.start : found.end], "")
        pairs = zip(found.shown, text[found.start : found.end], strict=True)
        assert all(a in (b, "*") for a, b in pairs)
        at = found.end


SEPARATORS = ["", " ", "-", ".", "_", "/", "·", "  ", " - "]
DIGITS = [
    "0123456789",
    "０１２３４５６７８９",
    "零一二三四五六七八九",
    "〇幺二三四五六七八九",
    "⓪①②③④⑤⑥⑦⑧⑨",
]


@given(
    st.integers(13_000_000_000, 19_999_999_999),
    st.sampled_from(DIGITS),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["", "联系", "电话：", "加微信", "+86 "]),
)
def test_no_mobile_is_left_in_any_script(number: int, script: str, by: str, word: str) -> None:
    written = "".join(script[int(d)] for d in str(number))
    parted, masked = (by.join([written[:3], m, written[7:]]) for m in (written[3:7], "****"))
    said = "急租厂房，{}，谢谢"
    assert mask_contacts(said.format(word + parted)) == said.format(word + masked)


@given(
    st.from_regex(r"[a-z][a-z0-9_-]{5,19}", fullmatch=True),
    st.sampled_from(["加V：", "微信号", "vx: "]),
)
def test_no_announced_wechat_id_is_left(account: str, word: str) -> None:
    if not (account[0] == "v" and account[1].isdigit()):
        assert account not in mask_contacts(f"有意者{word}{account}，谢谢")


# --- whole collections without contacts ---


def test_the_demo_world_and_the_declared_words_hold_no_contact() -> None:
    made = world(listings=3000)
    said = [text for x in (*made.needs, *made.offers) for text in (x.title, x.text, x.party, x.id)]
    said += [x.contact for x in (*made.needs, *made.offers)]
    for of in all_kinds().values():
        said += [of.about.zh, of.about.en, *of.cues]
        said += [word for a in of.attributes for word in (*a.label, *a.cues)]
    assert [text for text in said if mask_contacts(text) != text] == []


def test_of_labelled_sentences_only_the_numbers_labelled_are_masked() -> None:
    lines = (HERE / "data" / "extraction" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        found = find_contacts(row["text"])
        assert [c.kind for c in found] == [ContactKind.PHONE] * len(row["phones"]), row["text"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
def test_real_needs_and_results_stay_as_they_are() -> None:
    with (SHARED / "needs.csv").open(encoding="utf-8-sig", newline="") as file:
        said = [text for need in csv.DictReader(file) for text in (need["title"], need["text"])]
    lines = (SHARED / "results.jsonl").read_text(encoding="utf-8").splitlines()
    said += [v for line in lines for v in json.loads(line).values() if isinstance(v, str)]
    assert [text for text in said if mask_contacts(text) != text] == []


@pytest.mark.parametrize(
    "piece",
    [
        "加微信",
        "a@",
        "a.",
        "1-",
        "1 ",
        "13800001234，",
        "http://a/",
        "QQ12345 ",
        "一",
        "vx:abc_123 ",
        "v ",
        "身份证1",
    ],
)
def test_a_long_text_takes_seconds(piece: str) -> None:
    text = (piece * 100_000)[:200_000]
    started = time.process_time()
    mask_contacts(text)
    mask_contacts(text, contact=True)
    assert time.process_time() - started < 10

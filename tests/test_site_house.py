"""The house rules of the site's texts and templates: each tried on a case that breaks it, then on all."""

from __future__ import annotations

import ast
import importlib.machinery
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "src" / "corridor" / "site"

HAN = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
#: What is said in both languages at once, to an operator or before a language is known.
BILINGUAL = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")
TRANSLATED = re.compile(r"^(_|n?p?gettext(_lazy|_noop)?|Label)$")
#: What is looked for in people's writing is not shown to them.
SOUGHT = re.compile(r"^(compile|replace|remove(prefix|suffix)|startswith|endswith|split|strip)$")
#: Every language is named in itself; a template marks such words with their language.
OWN_NAMES = {"简体中文"}
MARKED = re.compile(r"<(\w+)\b[^>]*\blang=\"zh-hans\"[^>]*>.*?</\1>", re.DOTALL)

COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
TRANSLATION = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?%}.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\b.*?%}|\b_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)
#: What the content security policy would refuse, or would have to be loosened for.
INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "event handler": re.compile(r"<[^>]*\s(on\w+|hx-on[\w:-]*)\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "script with a body": re.compile(r"<script\b[^>]*>\s*[^<\s]", re.IGNORECASE),
    "script without src": re.compile(r"<script\b(?![^>]*\ssrc\s*=)[^>]*>", re.IGNORECASE),
    "script address": re.compile(r"[\"']\s*(javascript|js|data):", re.IGNORECASE),
    "other host": re.compile(
        r"(\b(src|srcset|action)|<link\b[^>]*\shref)\s*=\s*[\"']?(https?:)?//", re.IGNORECASE
    ),
}


def untranslated(source: str) -> list[str]:
    """Chinese literals that are neither translated, bilingual, sought, nor a docstring."""
    tree = ast.parse(source)
    parent = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            whole = parent[node] if isinstance(parent[node], ast.JoinedStr) else node
            text = "".join(
                part.value
                for part in getattr(whole, "values", [node])
                if isinstance(part, ast.Constant)
            )
            if (
                HAN.search(node.value)
                and not BILINGUAL.search(text)
                and node.value not in OWN_NAMES
                and not isinstance(parent[node], ast.Expr)
                and not any(map(_excuses, _above(node, parent)))
            ):
                found.append(f"line {node.lineno}: {node.value}")
    return found


def _above(node: ast.AST, parent: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parent:
        node = parent[node]
        yield node


def _excuses(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    return bool(TRANSLATED.match(name) or SOUGHT.match(name))


def untranslated_in_template(source: str) -> list[str]:
    """Lines of a template with Chinese outside comments and translate tags."""
    rest = MARKED.sub("", TRANSLATION.sub("", COMMENT.sub("", source)))
    return [line.strip() for line in rest.splitlines() if HAN.search(line)]


def inline(source: str) -> list[str]:
    """What a template holds that the content security policy forbids."""
    plain = COMMENT.sub("", source)
    return [what for what, rule in INLINE.items() if rule.search(plain)]


def templates() -> list[Path]:
    return [path for path in SITE.rglob("*") if "templates" in path.parts and path.is_file()]


def sources() -> list[Path]:
    """The site's Python, but what Django writes and what the demo's people say."""
    kept_out = {SITE / "demo"} | set(SITE.glob("*/migrations"))
    return [path for path in SITE.rglob("*.py") if kept_out.isdisjoint(path.parents)]


def messages() -> ModuleType:
    """The script as a module."""
    path = str(ROOT / "scripts" / "messages")
    loader = importlib.machinery.SourceFileLoader("messages_script", path)
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_every_chinese_literal_is_translated() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in sources()}
    assert texts
    assert {
        str(p.relative_to(SITE)): found for p, t in texts.items() if (found := untranslated(t))
    } == {}


@pytest.mark.parametrize(
    "line",
    [
        'x = _("发布")',
        'x = ngettext("%(n)s 条", "%(n)s 条", n)',
        'x = gettext_lazy("发布" "需求")',
        'x = Label("发布", "publish")',
        'x = Label(f"第 {n} 行", f"row {n}")',
        'raise ValueError("没有密钥 the secret key is missing")',
        'LANGUAGES = [("zh-hans", "简体中文")]',
        'def f():\n    """发布。"""',
        "x = 1  # 发布",
        'x = re.compile("转|分机")',
        'x = name.removesuffix("市")',
    ],
)
def test_a_translated_literal_is_fine(line: str) -> None:
    assert untranslated(line) == []


@pytest.mark.parametrize(
    "line", ['x = "发布"', 'x = f"第 {n} 条"', 'x = "、".join(y)', 'f(label="支持 Excel 导入")']
)
def test_an_untranslated_literal_is_seen(line: str) -> None:
    assert untranslated(line) != []


def test_every_template_is_translated_and_keeps_the_policy() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in templates()}
    assert texts
    assert {
        str(path.relative_to(SITE)): faults
        for path, text in texts.items()
        if (faults := untranslated_in_template(text) + inline(text))
    } == {}


@pytest.mark.parametrize(
    "text",
    [
        '{% translate "发布" %}',
        "{% translate '发布' as title %}",
        '{% include "x.html" with title=_("发布") %}',
        "{% blocktranslate with n=1 trimmed %}\n第 {{ n }} 条\n{% endblocktranslate %}",
        "{# 发布 #}{% comment %}发布{% endcomment %}",
        '<button lang="zh-hans">中文</button>',
        '<script src="{% static "ui/app.js" %}" defer></script>',
        '<a href="https://example.org/">x</a><p data-once="1" class="style=x">',
    ],
)
def test_a_proper_template_is_fine(text: str) -> None:
    assert untranslated_in_template(text) + inline(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "<p>发布</p>",
        '<p title="发布">',
        "{{ a }}：{{ b }}",
        '<p style="color:red">',
        '<button onclick="x()">',
        '<p hx-on:click="x()">',
        "<style>p{}</style>",
        '<script src="a.js">x()</script>',
        '<script type="module">',
        '<a href="javascript:x()">',
        '<img src="//example.org/x.png">',
        '<link rel="stylesheet" href="https://example.org/x.css">',
    ],
)
def test_a_template_at_fault_is_seen(text: str) -> None:
    assert untranslated_in_template(text) + inline(text) != []


def test_the_site_speaks_english_throughout(capsys: pytest.CaptureFixture[str]) -> None:
    script = messages()
    assert script.main(script.SITE, check=True) == 0, capsys.readouterr().err


APP = {
    "shop/views.py": 'from x import gettext as _\nx = _("开店")\ny = ngettext("%(n)s 家", "%(n)s 家", n)\n',
    "shop/templates/shop/a.html": '{% load i18n %}<a title="{% translate "关店" %}">'
    "{% blocktranslate trimmed %}\n  共 {{ n }} 家\n{% endblocktranslate %}</a>",
    "urls.py": 'x = pgettext("菜单", "首页")\n',
}


def translate(po: Path, english: dict[str, str]) -> None:
    """Write translations where there are none yet."""
    text = po.read_text(encoding="utf-8")
    for chinese, translated in english.items():
        source = f'msgid "{chinese}"\n'
        assert source in text
        text = text.replace(f'{source}msgstr ""', f'{source}msgstr "{translated}"')
    po.write_text(text, encoding="utf-8")


def test_messages_finds_keeps_drops_and_compiles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = messages()
    for name, text in APP.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    def said(*, check: bool) -> tuple[int, list[str]]:
        code = script.main(tmp_path, check=check)
        return code, sorted(capsys.readouterr().err.splitlines())

    assert said(check=True) == (1, [
        "core: missing: 首页", "shop: missing: ('%(n)s 家', '%(n)s 家')",
        "shop: missing: 共 %(n)s 家", "shop: missing: 关店", "shop: missing: 开店",
    ])  # fmt: skip
    code, lines = said(check=False)
    assert code == 0
    assert len(lines) == 5
    assert all(": empty: " in line for line in lines)
    po = script.path(tmp_path, "shop")
    translate(po, {"开店": "Open shop", "关店": "Close 店", "共 %(n)s 家": "%(m)s shops"})
    assert said(check=True)[1] == [
        "core: empty: 首页", "shop: django.mo is stale: run scripts/messages",
        "shop: empty: ('%(n)s 家', '%(n)s 家')", "shop: not English: 关店",
        "shop: placeholders differ from ['%(n)s']: 共 %(n)s 家",
    ]  # fmt: skip
    (tmp_path / "shop/views.py").write_text('x = _("开店")\n', encoding="utf-8")
    assert "shop: obsolete: ('%(n)s 家', '%(n)s 家')" in said(check=True)[1]
    assert said(check=False) == (0, [
        "core: empty: 首页", "shop: not English: 关店",
        "shop: placeholders differ from ['%(n)s']: 共 %(n)s 家",
    ])  # fmt: skip
    assert "Open shop" in po.read_text(encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("django.*")}
    assert len(before) == 4
    said(check=False)
    assert {path: path.read_bytes() for path in tmp_path.rglob("django.*")} == before


def test_one_text_has_one_translation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = messages()
    for app, english in (("a", "city"), ("b", "town")):
        (tmp_path / app).mkdir()
        (tmp_path / app / "views.py").write_text('x = _("城市")\n', encoding="utf-8")
        po = script.path(tmp_path, app)
        po.parent.mkdir(parents=True)
        po.write_text(f'{script.HEADER}msgid "城市"\nmsgstr "{english}"\n', encoding="utf-8")
    script.main(tmp_path, check=False)
    assert script.main(tmp_path, check=True) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "b: translated otherwise in a: 城市"

"""Reading a corridor from ``corridor.toml``."""

import tomllib
from pathlib import Path
from typing import Any

from corridor.engine.factors import Label
from corridor.engine.factors.codes import places
from corridor.engine.factors.corridor import City, Corridor

from .errors import InputError, short
from .tables import unreadable

_CITY_KEYS = {"code", "zh", "en", "lat", "lon"}
_KEYS = {"name_zh", "name_en", "city"}


def read_corridor(path: str | Path) -> Corridor:
    """The corridor a file declares: ``name_zh``, ``name_en`` and one ``[[city]]`` for each city.

    A city has ``code`` (GB/T 2260), ``zh``, ``en``, ``lat`` and ``lon`` in degrees.
    Raises :class:`InputError` naming the city and key that is missing, unknown or impossible.
    """
    file = Path(path)
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise unreadable(file, error) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            file, f"不是有效的 TOML：{short(error)}", f"not valid TOML: {short(error)}"
        ) from error
    _only(file, found, _KEYS, "文件", "the file")
    name = Label(
        _text(file, found, "name_zh", "文件", "the file"),
        _text(file, found, "name_en", "文件", "the file"),
    )
    rows = found.get("city")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(file, "至少要有一个 [[city]]", "there must be at least one [[city]]")
    cities = tuple(_city(file, row, number) for number, row in enumerate(rows, 1))
    codes = [city.code for city in cities]
    for code in codes:
        if codes.count(code) > 1:
            raise InputError(file, f"城市 {code} 写了两次", f"city {code} stands twice")
    return Corridor(name, cities)


def _city(file: Path, row: dict[str, Any], number: int) -> City:
    zh, en = f"第 {number} 个城市", f"city {number}"
    _only(file, row, _CITY_KEYS, zh, en)
    written = _text(file, row, "code", zh, en)
    try:
        code = places.canonical(written)
        if places.city_of(code) != code:
            raise places.UnknownPlace(written)
    except places.UnknownPlace as error:
        near = "、".join(places.suggest(str(row.get("zh", "")), 3))
        raise InputError(
            file,
            f"{zh}的 code“{written}”不是 GB/T 2260 的城市代码"
            + (f"，是否指 {near}？" if near else ""),
            f"{en}: {written!r} is no city code of GB/T 2260"
            + (f"; did you mean {near}?" if near else ""),
        ) from error
    return City(
        code,
        Label(_text(file, row, "zh", zh, en), _text(file, row, "en", zh, en)),
        _degrees(file, row, "lat", 90, zh, en),
        _degrees(file, row, "lon", 180, zh, en),
    )


def _only(file: Path, row: dict[str, Any], allowed: set[str], zh: str, en: str) -> None:
    if unknown := sorted(set(row) - allowed):
        names = "、".join(sorted(allowed))
        raise InputError(
            file,
            f"{zh}有不认识的键 {unknown[0]}，可用：{names}",
            f"{en} has an unknown key {unknown[0]}; there are: {names}",
        )


def _text(file: Path, row: dict[str, Any], key: str, zh: str, en: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(
            file, f"{zh}缺少 {key}（加引号的文字）", f"{en} lacks {key} (a quoted text)"
        )
    return value.strip()


def _degrees(file: Path, row: dict[str, Any], key: str, limit: int, zh: str, en: str) -> float:
    value = row.get(key)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not -limit <= value <= limit
    ):
        raise InputError(
            file,
            f"{zh}的 {key} 要是 -{limit} 到 {limit} 之间的度数",
            f"{en}: {key} must be degrees from -{limit} to {limit}",
        )
    return float(value)

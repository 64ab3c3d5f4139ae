"""Two short lists: the strategic emerging industries, and the seven chains of the G60 corridor."""

from functools import cache

from ._table import rows


def _rows(name: str) -> tuple[str, ...]:
    return tuple(f"{r['code']}|{r['name_zh']}|{r['name_en']}" for r in rows(name))


@cache
def strategic() -> tuple[str, ...]:
    """The nine first-level fields of 战略性新兴产业分类(2018), as "1|中文|English" rows."""
    return _rows("strategic.csv")


@cache
def chains() -> tuple[str, ...]:
    """The seven industry chains (产业链) of the G60 corridor, as "ic|中文|English" rows."""
    return _rows("chains.csv")

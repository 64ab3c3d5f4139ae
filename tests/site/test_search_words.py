"""What is found by words: exactly what a plain look at every listing finds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cast import Cast, listing
from django.utils import timezone
from finding import found, in_one_transaction, indexed, undone
from hypothesis import given
from hypothesis import strategies as st

from corridor.engine.text.normal import fold
from corridor.site.core.actor import PUBLIC
from corridor.site.core.models import Party
from corridor.site.listings import actions, search
from corridor.site.listings.content import of
from corridor.site.listings.models import Anonymity, Listing, State
from corridor.site.listings.values import stored

pytestmark = pytest.mark.django_db

#: Few characters, so that texts repeat themselves and terms straddle words: ㎡ and ½ fold to more
#: than one character elsewhere, ß and İ change length in lower case, quotes and stars mean something
#: to a query language.
LETTERS = "厂房单层aAａbß８81.㎡½İ -\"'*:()&|!%_\\，。\n　😀"

text = st.text(alphabet=LETTERS, max_size=24)

query = st.text(alphabet=LETTERS, min_size=1, max_size=8)


@in_one_transaction
@given(texts=st.lists(st.tuples(text, text), max_size=5), asked=st.lists(query, max_size=8))
def test_the_index_finds_what_a_plain_scan_finds(
    people: Cast, texts: list[tuple[str, str]], asked: list[str]
) -> None:
    with undone():
        made = [indexed(people.alice, title=title, text=body) for title, body in texts]
        ends = [one.text[-3:] for one in made if one.text] + [one.title[:4] for one in made]
        for q in [*asked, *ends]:
            for title in (False, True):
                assert by_index(q, title=title) == by_scan(made, q, title=title), (q, title)


def by_index(q: str, *, title: bool) -> set[int] | None:
    terms = search.terms(q)
    if not terms:
        return None
    ids = search.found_by(terms, title=title)
    return set(Listing.objects.filter(pk__in=ids).values_list("pk", flat=True))


def by_scan(made: list[Listing], q: str, *, title: bool) -> set[int] | None:
    terms = search.terms(q)
    if not terms:
        return None
    words = [search.words_of(one) for one in made]
    held = {one.listing: (one.title,) if title else (one.title, one.body) for one in words}
    return {
        pk
        for pk, texts in held.items()
        if all(any(term in text for text in texts) for term in terms)
    }


@given(q=st.text(max_size=60))
def test_terms_are_folded_pieces_without_spaces(q: str) -> None:
    terms = search.terms(q)
    assert len(terms) <= search.MOST_TERMS
    assert len(set(terms)) == len(terms)
    for term in terms:
        assert term and term == fold(term) and not term.isspace() and len(term.split()) == 1


def test_more_than_two_hundred_of_a_pair_are_still_found(people: Cast) -> None:
    """PostgreSQL keeps 256 places of a word in a tsvector."""
    indexed(people.alice, title="很长", text="厂房" * 1500 + "末尾激光")
    assert found(PUBLIC, q="房厂房末尾激光") == ["很长"]


@pytest.mark.parametrize(
    "q",
    [
        "行车厂房",
        "求租带",
        "单层",
        "层",
        "LX",
        "Suzhou",
        "苏州",
        "空间",
        "Space",
        "单层厂房",
        "八米以上",
    ],
)
def test_titles_texts_values_places_and_refs_are_found(people: Cast, q: str) -> None:
    indexed(people.alice, ref="LX7K3Q9PA", title="求租带行车厂房")
    assert found(PUBLIC, q=q) == ["求租带行车厂房"]
    assert found(PUBLIC, q=f"{q} 没有的词") == []


def test_industries_are_found_by_the_names_of_those_above_them(people: Cast) -> None:
    indexed(people.alice, title="芯片", values=stored({"industry": frozenset({"C3973"})}))
    assert found(PUBLIC, q="集成电路制造") == found(PUBLIC, q="电子器件制造") == ["芯片"]
    assert found(PUBLIC, q="计算机、通信") == ["芯片"]


def test_several_words_must_all_be_there_and_those_in_titles_come_first(people: Cast) -> None:
    old = timezone.now() - timedelta(days=3)
    indexed(people.alice, title="激光焊接机", text="二手", published_at=old)
    indexed(people.alice, title="二手设备", text="激光焊接")
    indexed(people.alice, title="设备", text="激光焊接，二手")
    assert found(PUBLIC, q="激光 二手") == ["设备", "二手设备", "激光焊接机"]
    assert found(PUBLIC, q="激光") == ["激光焊接机", "设备", "二手设备"]
    assert found(PUBLIC, q="激光", sort="newest") == ["设备", "二手设备", "激光焊接机"]


def test_party_names_and_contacts_find_nothing(people: Cast) -> None:
    for anonymity in (Anonymity.ANONYMOUS, Anonymity.PUBLIC):
        indexed(people.alice, anonymity=anonymity, text="急租。")
    name = Party.objects.get(pk=people.alice.party).name
    for q in (name, name[2:4], "澄源", "王小明", "13800001234", "1380000", "1391234"):
        for actor in (PUBLIC, people.bob, people.alice, people.office):
            assert found(actor, q=q) == [], q


def test_the_index_follows_the_listing(people: Cast) -> None:
    made = indexed(people.alice, state=State.DRAFT, title="求租厂房")
    said = of(made)
    actions.update(people.alice, made, type(said)(**{**vars_of(said), "title": "求购土地"}))
    Listing.objects.filter(pk=made.pk).update(state=State.PUBLISHED)
    assert found(PUBLIC, q="求租厂房") == []
    assert found(PUBLIC, q="求购土地") == ["求购土地"]
    Listing.objects.all().delete()
    assert by_index("求购土地", title=True) == set()
    other = indexed(people.alice, title="全新")
    assert by_index("求购", title=False) == set()
    assert by_index("全新", title=True) == {other.pk}


def vars_of(said: Any) -> dict[str, Any]:
    return {name: getattr(said, name) for name in type(said).__dataclass_fields__}


def test_the_whole_index_can_be_made_anew(people: Cast) -> None:
    made = [listing(people.alice, title=f"厂房{n}") for n in range(3)]
    told: list[int] = []
    assert search.index_all(told.append) == sum(told) == 3
    assert search.index_all() == 3
    assert by_index("厂房", title=True) == {one.pk for one in made}
    assert by_scan(made, "厂房", title=True) == {one.pk for one in made}

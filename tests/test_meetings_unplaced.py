"""Why a meeting is not held, in each case that there is, and what more room truly does."""

from dataclasses import replace

from hypothesis import given, settings
from tests.meetings_worlds import conferences, crowd

from corridor.engine.meetings import Conference, Meeting, Participant, Slot, Timetable, broken
from corridor.engine.meetings.large import arrange
from corridor.engine.meetings.unplaced import reliefs, why_not


def conference(
    *meetings: Meeting, slots: int = 2, tables: int | dict[str, tuple[int, ...]] = 1, **more
) -> Conference:
    people = tuple(Participant(name) for name in "abcdef")
    room = {"": (tables,) * slots} if isinstance(tables, int) else tables
    basis = {"participants": people, "tables": room}
    return Conference(tuple(Slot() for _ in range(slots)), meetings=meetings, **{**basis, **more})


def why(made: Conference, **slot: int) -> tuple[str, str]:
    found = why_not(made, Timetable.of(made, slot, {}))
    return found["x"].zh, found["x"].en


X = Meeting("x", "a", "b")


def test_nobody_free() -> None:
    made = conference(X, Meeting("m", "a", "c"), Meeting("n", "b", "d"), tables=3)
    assert why(made, m=0, n=1) == (
        "双方没有共同的空闲场次。",
        "There is no slot in which both are free.",
    )


def test_tables_interpreters_and_both() -> None:
    full = conference(X, Meeting("m", "c", "d"), Meeting("n", "e", "f"))
    assert why(full, m=0, n=1) == (
        "双方都空闲的 2 场里，洽谈桌都占满。",
        "In every slot in which both are free (2), every table is taken.",
    )
    voices = conference(
        replace(X, language="en"), Meeting("m", "c", "d", language="en"), Meeting("n", "e", "f"),
        tables=2, interpreters={"en": (1, 1)}, slots=2,
    )  # fmt: skip
    narrow = replace(voices, tables={"": (2, 1)})
    assert why(narrow, m=0, n=1) == (
        "双方都空闲的 2 场里，1 场“en”翻译都已安排，1 场洽谈桌都占满。",
        "Of 2 slots in which both are free, in 1 every “en” interpreter is taken, "
        "in 1 every table is taken.",
    )


def test_away_and_never_and_at_most() -> None:
    people = (Participant("a", "甲", frozenset({0, 1})), Participant("b"))
    assert why(conference(X, participants=people)) == ("“甲”不在。", "“甲” is away.")
    people = (Participant("a", away=frozenset({0})), Participant("b", away=frozenset({1})))
    assert why(conference(X, participants=people))[0] == "没有双方都在、会场和翻译又都有的场次。"
    people = (Participant("a", most=1), Participant("b"), Participant("c"))
    made = conference(X, Meeting("m", "a", "c"), participants=people)
    assert why(made, m=0) == (
        "“a”最多 1 场，已排满。",
        "“a” has all of the 1 meetings they may have.",
    )


def test_order_and_way_and_nothing() -> None:
    made = conference(X, Meeting("m", "c", "d"), precedences=(("x", "m"),), slots=1, tables=2)
    assert why(made, m=0)[1].endswith("the order of meetings does not allow it.")
    far = conference(
        replace(X, hall="东"), Meeting("m", "a", "c"),
        tables={"": (1, 1), "东": (1, 1)}, walks={("", "东"): 1},
    )  # fmt: skip
    assert why(far, m=0)[1].endswith("there is no time to walk between halls.")
    assert why(conference(X))[1].endswith("it would still fit and is merely not held.")


@settings(max_examples=80, deadline=None)
@given(conferences(most_meetings=12))
def test_whatever_is_not_held_has_a_reason_in_both_languages(made: Conference) -> None:
    plan = arrange(made)
    found = why_not(made, plan)
    assert set(found) == {m.id for m in made.meetings} - set(plan.slot)
    assert all(label.zh.endswith("。") and label.en.endswith(".") for label in found.values())


def test_a_table_more_places_a_meeting_more_where_it_is_said() -> None:
    made = conference(X, Meeting("m", "c", "d"), Meeting("n", "e", "f"), slots=2)
    found = reliefs(made, Timetable.of(made, {"m": 0, "n": 1}, {}))
    assert [(one.slots, one.meetings, one.value) for one in found] == [
        ((0,), 1, 1), ((1,), 1, 1), ((0, 1), 1, 1),
    ]  # fmt: skip
    assert found[0].label.zh == "第 1 场增加 1 张洽谈桌，可多排 1 场洽谈。"
    assert found[0].label.en == "1 more table in slot 1 would place 1 more meeting."


def test_no_relief_for_what_is_not_short() -> None:
    # both are busy all day: no table helps
    made = conference(X, Meeting("m", "a", "c", fixed=0), Meeting("n", "b", "d", fixed=1))
    assert reliefs(made, Timetable.of(made, {"m": 0, "n": 1}, {})) == ()


def test_what_is_promised_can_be_done_and_others_only_change_slots() -> None:
    made = crowd(40, 8, 8, 10)
    plan = arrange(made)
    held = len(plan.slot)
    for one in reliefs(made, plan, more=2)[:3]:
        room = made.interpreters if one.interpreters else made.tables
        wider = dict(room)
        wider[one.resource] = tuple(
            n + 2 * (s in one.slots) for s, n in enumerate(room[one.resource])
        )
        better = replace(made, **{"interpreters" if one.interpreters else "tables": wider})
        again = arrange(better)
        assert broken(better, again) == ()
        assert 0 < one.meetings <= 2 * len(one.slots)
        assert len(again.slot) >= held + one.meetings - 2

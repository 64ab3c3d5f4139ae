"""How well ``engine.text.read`` fills in attributes from sentences: precision, recall and F1.

    python benchmarks/extraction.py --half dev|held_out [--errors]

The sentences and their answers are ours, written by one author from the public form of such notices;
they are no sample of real traffic. The half ``dev`` was used for tuning; ``held_out`` was run once,
after tuning had ended. A value counts as right only when it is exactly the stated one (numbers to a
relative 1e-3, for a converted rent is rounded in the answers); an industry when one code is a prefix
of the other; telephone numbers by where they stand and how they are masked.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from corridor.engine.factors import Range, Side, Type, kind, to_day
from corridor.engine.text import ContactKind, find_contacts, normalise, read

DATA = Path(__file__).resolve().parent.parent / "tests" / "data" / "extraction"


def plain(attribute, value):
    """A value in the form the answers are written in."""
    if not isinstance(value, Range):
        return sorted(value)
    if attribute.type is Type.FLAG:
        return bool(value.lo)
    return {"lo": end(attribute, value.lo), "hi": end(attribute, value.hi)}


def end(attribute, number):
    if number is None:
        return None
    if attribute.type is Type.DAY:
        return to_day(number).isoformat()
    if attribute.type is Type.ORDER:
        return attribute.codes.entries[int(number)].code
    return float(number)


def same(attribute, found, gold):
    if isinstance(gold, list) and attribute.codes.name == "industry":
        return alike(found, gold) and alike(gold, found)
    if isinstance(gold, dict) and attribute.type is Type.NUMBER:
        return all(close(found[e], gold[e]) for e in ("lo", "hi"))
    return found == gold


def alike(some, others):
    return all(any(a.startswith(b) or b.startswith(a) for b in others) for a in some)


def close(a, b):
    if a is None or b is None:
        return a is b
    return abs(a - b) <= 1e-3 * max(abs(a), abs(b))


def score(rows, *, guessing=False):
    """Counts of right, found and stated, overall and by group, with the errors."""
    counts, errors = defaultdict(Counter), []
    for row in rows:
        given = (None, None) if guessing else (kind(row["kind"]), Side(row["side"]))
        reading = read(row["text"], *given, today=date.fromisoformat(row["today"]))
        right_kind = reading.kind == row["kind"]
        counts["kind guessed"].update(right=right_kind, found=1, stated=1)
        counts["side guessed"].update(right=reading.side == row["side"], found=1, stated=1)
        by_name = kind(row["kind"]).by_name
        values = reading.values() if right_kind else {}
        found = {
            n: plain(by_name[n], v) for n, v in values.items() if by_name[n].type is not Type.WORDS
        }
        for name in found.keys() | row["gold"].keys():
            attribute = by_name[name]
            ok = (
                name in found
                and name in row["gold"]
                and same(attribute, found[name], row["gold"][name])
            )
            tally = Counter(right=ok, found=name in found, stated=name in row["gold"])
            for group in ("all", f"type {attribute.type}", f"kind {row['kind']}"):
                counts[group].update(tally)
            if not ok:
                errors.append(
                    (row["id"], name, found.get(name), row["gold"].get(name), row["text"])
                )
        count_phones(row, counts["phones"])
    return counts, sorted(errors)


def count_phones(row, tally):
    text = normalise(row["text"])
    phones = [c for c in find_contacts(text) if c.kind is ContactKind.PHONE]
    found = ["".join(filter(str.isdigit, text[p.start : p.end])) for p in phones]
    right = Counter(found) & Counter(row["phones"])
    tally.update(right=sum(right.values()), found=len(found), stated=len(row["phones"]))


def line(name, tally):
    right, found, stated = tally["right"], tally["found"], tally["stated"]
    precision, recall = right / found if found else 0, right / stated if stated else 0
    f1 = 2 * right / (found + stated) if found + stated else 0
    return f"{name:<18} P {precision:.3f} ({right}/{found})  R {recall:.3f} ({right}/{stated})  F1 {f1:.3f}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--half", choices=("dev", "held_out"), default="dev")
    parser.add_argument("--errors", action="store_true", help="print every miss")
    args = parser.parse_args()
    lines = (DATA / f"{args.half}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(text) for text in lines]
    print(f"half: {args.half} ({len(rows)} sentences, ours, one author; tuned on dev only)")
    score(rows)  # warm up: every kind is compiled once
    start = time.perf_counter()
    counts, errors = score(rows)
    spent = time.perf_counter() - start
    for group in sorted(g for g in counts if "guessed" not in g):
        print(line(group, counts[group]))
    print(f"{1000 * spent / len(rows):.2f} ms a sentence, kind and side given")
    guessed, _ = score(rows, guessing=True)
    for group in ("kind guessed", "side guessed", "all"):
        print(line(f"{group}*" if group == "all" else group, guessed[group]))
    print("* kind and side guessed too; nothing counts as found where the kind is wrong")
    if args.errors:
        for error in errors:
            print(*error, sep="\n    ")


if __name__ == "__main__":
    main()

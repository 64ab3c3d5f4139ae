"""A name or a sentence in the two languages every page speaks."""

from typing import NamedTuple


class Label(NamedTuple):
    """Chinese first, English complete."""

    zh: str
    en: str

    def __add__(self, other: object) -> "Label":
        """Join two labels language by language."""
        if not isinstance(other, Label):
            return NotImplemented
        return Label(self.zh + other.zh, self.en + other.en)


def join(parts: "list[Label]", zh: str = "、", en: str = ", ") -> Label:
    """One label out of many, with the separator of each language."""
    return Label(zh.join(p.zh for p in parts), en.join(p.en for p in parts))

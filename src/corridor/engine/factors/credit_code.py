"""统一社会信用代码: the eighteen characters that name an organisation (GB 32100-2015)."""

from .label import Label

#: The characters a code may hold, in the order of their values; I, O, S, V and Z are not used.
BASE31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18


def credit_check(head: str) -> str:
    """The check character of the first seventeen characters (GB 32100-2015, weights 3^i mod 31)."""
    total = sum(BASE31.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return BASE31[-total % 31]


def credit_code_fault(code: str) -> Label | None:
    """What is wrong with a credit code, and what would be right; ``None`` where nothing is.

    Says which character, or that the check character does not fit. Lower case is a fault: the
    caller folds case where people type.
    """
    if len(code) != LENGTH:
        return Label(
            f"应为 18 位，现为 {len(code)} 位。", f"It must have 18 characters, not {len(code)}."
        )
    for at, char in enumerate(code, 1):
        if char not in BASE31:
            return Label(
                f"第 {at} 位“{char}”不会出现在代码中（只用数字和除 I、O、S、V、Z 外的大写字母）。",
                f"Character {at}, “{char}”, is never used (digits and capitals but I, O, S, V, Z).",
            )
    if code[-1] != credit_check(code[:-1]):
        return Label(
            "校验位不符，请对照营业执照逐位核对。",
            "The check character does not fit; compare each character with the licence.",
        )
    return None

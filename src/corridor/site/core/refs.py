"""References: short, said over the phone without mistakes, and not to be guessed."""

import secrets

#: Crockford's alphabet without U: no I, L, O that are taken for digits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_ref(prefix: str, length: int = 8) -> str:
    """A fresh reference such as ``L7K3Q9PAB``; 32^8 of them a prefix."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(length))

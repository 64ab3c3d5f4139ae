"""Reading Chinese free text and table cells into the attributes a kind declares.

Derived from the declarations in ``factors`` alone: a kind added there is read here untouched.
"""

from .asks import stated_as_ask
from .cells import ReadError, cell_notes, read_value
from .codewords import Field
from .contacts import Contact, ContactKind, find_contacts, mask_contacts
from .normal import normalise
from .reading import Reading, read

__all__ = [
    "Contact",
    "ContactKind",
    "Field",
    "ReadError",
    "Reading",
    "cell_notes",
    "find_contacts",
    "mask_contacts",
    "normalise",
    "read",
    "read_value",
    "stated_as_ask",
]

"""Reading Chinese free text and table cells into the attributes a kind declares.

Derived from the declarations in ``factors`` alone: a kind added there is read here untouched.
"""

from .asks import stated_as_ask
from .cells import ReadError, cell_notes, read_value
from .codewords import Field
from .normal import Phone, find_phones, mask_phones, normalise
from .reading import Reading, read

__all__ = [
    "Field",
    "Phone",
    "ReadError",
    "Reading",
    "cell_notes",
    "find_phones",
    "mask_phones",
    "normalise",
    "read",
    "read_value",
    "stated_as_ask",
]

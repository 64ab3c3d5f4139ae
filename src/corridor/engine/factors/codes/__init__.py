"""Public code tables: industries (GB/T 4754-2017), places (GB/T 2260) and two short lists.

Sources, editions and what is left out: README.md.
"""

from . import industry, places
from .lists import chains, strategic

__all__ = ["chains", "industry", "places", "strategic"]

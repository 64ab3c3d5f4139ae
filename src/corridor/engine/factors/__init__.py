"""The factor kinds, declared once, and the values and relations their attributes are made of."""

from .attribute import SIDE_LABELS, Attribute, Relation, Side, Type
from .codelist import Code, CodeList, TreeList, UnknownCode, code_list
from .common import INDUSTRIES, PLACES
from .corridor import City, Corridor
from .kind import WEIGHTS, FactorKind
from .label import Label, join
from .listing import Listing
from .registry import all_kinds, kind
from .relation import State, asks, gap, judge, satisfaction
from .units import REFERENCE_RATES, UNITS, Unit, factor, serving, written_forms
from .value import Codes, Range, Value, days, to_day
from .wording import end_text, header, number_text, value_text

__all__ = [
    "INDUSTRIES",
    "PLACES",
    "REFERENCE_RATES",
    "SIDE_LABELS",
    "UNITS",
    "WEIGHTS",
    "Attribute",
    "City",
    "Code",
    "CodeList",
    "Codes",
    "Corridor",
    "FactorKind",
    "Label",
    "Listing",
    "Range",
    "Relation",
    "Side",
    "State",
    "TreeList",
    "Type",
    "Unit",
    "UnknownCode",
    "Value",
    "all_kinds",
    "asks",
    "code_list",
    "days",
    "end_text",
    "factor",
    "gap",
    "header",
    "join",
    "judge",
    "kind",
    "number_text",
    "satisfaction",
    "serving",
    "to_day",
    "value_text",
    "written_forms",
]

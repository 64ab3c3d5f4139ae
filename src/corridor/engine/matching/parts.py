"""The parts of the score, and which asks make which of them."""

from ..factors import Attribute, Relation, TreeList

PARTS = ("text", "industry", "soft", "distance", "freshness", "reciprocity")


def is_industry(attribute: Attribute) -> bool:
    """Whether the attribute is compared by closeness in a tree and so makes the industry part."""
    return attribute.relation is Relation.NEAR and isinstance(attribute.codes, TreeList)

"""How sure a field is, and whether a row may be used without a person looking."""

from collections.abc import Mapping

AGREED = 0.995
"""Two independent prints of a card say the same."""
_FORM_WEIGHT = 0.35


def of_reading(line_confidence: float, certainty: float) -> float:
    """From the engine's confidence in the text and how far the text's form proves the value."""
    return line_confidence ** (1 - _FORM_WEIGHT * certainty)


def agreed(confidence: float) -> float:
    """Raised, because another part of the card says the same."""
    return max(confidence, AGREED)


def disputed(confidence: float) -> float:
    """Lowered, because another part of the card, or a rule, says otherwise."""
    return min(confidence, 0.5) * 0.8


def accepted(confidences: Mapping[str, float], reasons: list[str], least: float) -> bool:
    """No reason for review, and every field at least this sure."""
    return not reasons and all(confidence >= least for confidence in confidences.values())

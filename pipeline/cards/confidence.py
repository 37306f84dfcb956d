"""How sure a field is."""

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

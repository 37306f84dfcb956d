"""How sure a value is: the probability that it is what the card prints.

The weights are fitted to readings of drawn cards by `benchmarks/calibration.py` and kept in
`configs/confidence.yaml`: a logistic regression over what speaks for a value and against it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

_SUREST = 1 - 1e-6


@dataclass
class Evidence:
    """What speaks for a value, and against it."""

    reading: float
    """The engine's confidence in the least sure character, 0..1."""
    form: float
    """How far the text's form proves the value, 0..1: a check digit proves more than capitals."""
    engines: int = 0
    """1 if two engines read the same, -1 if they differ, 0 if one was asked."""
    prints: int = 0
    """1 if another part of the card or a table says the same, -1 if it says otherwise."""


class Weights(BaseModel):
    """The logistic regression's weights, in logits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    bias: float
    reading: float
    """Times the logit of the reading."""
    form: float
    engines_agree: float
    engines_differ: float
    prints_agree: float
    prints_differ: float
    bare: float
    """Instead of all others: that a bare place holds no value."""
    unclear: float
    """Instead of all others: that a field without a place, or without legible print, is empty."""
    kinds: Mapping[str, float]
    """Added for values of a kind; 0 for those not named."""


def features(evidence: Evidence) -> tuple[float, ...]:
    """What the weights are multiplied with, in the order in which `Weights` names them."""
    return (
        1.0,
        _logit(evidence.reading),
        evidence.form,
        float(evidence.engines > 0),
        float(evidence.engines < 0),
        float(evidence.prints > 0),
        float(evidence.prints < 0),
    )


def probability(evidence: Evidence, kind: str, weights: Weights) -> float:
    """0..1 that a value of a kind is right."""
    factors = (
        weights.bias,
        weights.reading,
        weights.form,
        weights.engines_agree,
        weights.engines_differ,
        weights.prints_agree,
        weights.prints_differ,
    )
    pairs = zip(factors, features(evidence), strict=True)
    return _sigmoid(sum(w * x for w, x in pairs) + weights.kinds.get(kind, 0.0))


def of_absence(bare: bool, weights: Weights) -> float:
    """0..1 that a field is empty: its place was seen to be bare, or nothing was found."""
    return _sigmoid(weights.bare if bare else weights.unclear)


def _logit(share: float) -> float:
    bounded = min(max(share, 1 - _SUREST), _SUREST)
    return math.log(bounded / (1 - bounded))


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-max(min(logit, 50.0), -50.0)))

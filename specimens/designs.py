"""Every side of every generation of card. A new one is a `Design`: a dozen lines of data."""

import random

from specimens.azul import azul
from specimens.dnie import DNIE
from specimens.extranjeria import carne_extranjeria
from specimens.prints import Design, Print

__all__ = ["OPPOSITE", "Design", "Print", "sides"]

OPPOSITE = {
    "dnie_2013_front": "dnie_2013_back",
    "dnie_2013_back": "dnie_2013_front",
    "dnie_2020_front": "dnie_2020_back",
    "dnie_2020_back": "dnie_2020_front",
    "dnie_2025_back": "dnie_2020_front",
    "dni_azul_front": "dni_azul_back",
    "dni_azul_back": "dni_azul_front",
}
"""The other side of the same card, where it is drawn too."""


def sides(rng: random.Random) -> dict[str, Design]:
    """Each side by layout and side, in a variant drawn at random."""
    designs = (*DNIE, *azul(rng), carne_extranjeria(rng))
    return {f"{design.layout}_{design.card_side}": design for design in designs}

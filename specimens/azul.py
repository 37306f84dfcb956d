"""The blue DNI and its yellow twin; boxes are relative to the printed area in the laminate."""

# ruff: noqa: E501 - a printed text is one line of the table

import random
from dataclasses import replace

from specimens.prints import Design, Print, pair

_REGISTRY = "REGISTRO NACIONAL DE IDENTIFICACION Y ESTADO CIVIL"

_FRONT = Design(
    layout="dni_azul",
    card_type="old",
    card_side="front",
    ground="teal",
    prints=(
        Print(("REPUBLICA DEL PERU",), 0.021, 0.022, 0.040, "heading", width=0.235),
        Print((_REGISTRY,), 0.266, 0.018, 0.040, "heading", width=0.500),
        Print(("DOCUMENTO NACIONAL DE IDENTIDAD",), 0.266, 0.068, 0.040, "heading", width=0.430),
        Print(("CUI",), 0.777, 0.014, 0.024, "label"),
        Print(("DNI",), 0.722, 0.070, 0.042, "label", width=0.047),
        Print(("{number}-",), 0.777, 0.049, 0.056, "brown", width=0.162),
        Print(("{digit}",), 0.944, 0.056, 0.048, "value"),
        *pair("Primer Apellido", "{first_surname}", (0.249, 0.119, 0.038), (0.249, 0.162, 0.037), "b"),
        *pair("Segundo Apellido", "{second_surname}", (0.249, 0.238, 0.038), (0.249, 0.285, 0.037), "b"),
        *pair(("Pre Nombres", "Prenombres"), "{given_names}", (0.249, 0.357, 0.038), (0.249, 0.401, 0.035), "b"),
        *pair("Nacimiento: Fecha y Ubigeo", "{birth}", (0.248, 0.474, 0.036), (0.249, 0.513, 0.036), "b"),
        Print(("{birth_place}",), 0.427, 0.513, 0.036, "value", "b"),
        *pair("Sexo", "{sex}", (0.248, 0.556, 0.036), (0.249, 0.595, 0.036), "b"),
        *pair("Estado Civil", "{marital}", (0.361, 0.556, 0.036), (0.363, 0.595, 0.036), "b"),
        *pair(("Fecha Inscripción", "Fecha de Inscripción"), "{registered}", (0.811, 0.131, 0.036), (0.840, 0.171, 0.036), "c"),
        *pair(("Fecha Emisión", "Fecha de Emisión"), "{issued}", (0.827, 0.232, 0.036), (0.840, 0.272, 0.036), "c"),
        *pair(("Fecha Caducidad", "Fecha de Caducidad"), "{expires}", (0.813, 0.332, 0.036), (0.839, 0.369, 0.036), "c", "red"),
        Print(("{first_surname}",), 0.050, 0.622, 0.018, "faint", width=0.18),
    ),
    fields={
        "id_number": "{number}-{digit}", "father_name": "{first_surname}",
        "mother_name": "{second_surname}", "name": "{given_names}", "gender": "{sex}",
        "gender_s": "{sex}", "marriage": "{marital}", "birthday": "{birth_slashed}",
        "birth_place": "{birth_place}", "registration_date": "{registered_slashed}",
        "issue_date": "{issued_slashed}", "expiry_date": "{expires_slashed}",
    },
    portrait=(0.027, 0.131, 0.203, 0.486),
    ghost=(0.876, 0.490, 0.085, 0.174),
    signature=(0.560, 0.470, 0.210, 0.180),
    mrz=(0.735, 0.810, 0.884),
    vertical=("{number}", (0.027, 0.270, 0.020, 0.300)),
    laminate=True,
    issued_in=(2006, 2020),
)  # fmt: skip

_BACK = Design(
    layout="dni_azul",
    card_type="old",
    card_side="back",
    ground="teal",
    prints=(
        *pair("Departamento", "{department}", (0.016, 0.385, 0.034), (0.018, 0.425, 0.037), "a"),
        *pair("Provincia", "{province}", (0.232, 0.385, 0.034), (0.231, 0.425, 0.037), "b"),
        *pair("Distrito", "{district}", (0.531, 0.385, 0.034), (0.530, 0.425, 0.037), "b"),
        *pair("Dirección", "{address}", (0.011, 0.484, 0.034), (0.018, 0.523, 0.037), "a", pitch=0.045),
        Print(("Observaciones",), 0.011, 0.612, 0.031, "label", "a"),
        *pair("Donación de Organos", "{organ_donation}", (0.011, 0.650, 0.031), (0.245, 0.647, 0.032), "a"),
        *pair("Grupo de Votación", "{election_number}", (0.476, 0.650, 0.031), (0.680, 0.647, 0.032), "a"),
    ),
    fields={
        "department": "{department}", "province": "{province}", "district": "{district}",
        "address": "{address}", "election_number": "{election_number}",
        "organ_donation": "{organ_donation}",
    },
    cells=((0.014, 0.026, 0.689, 0.345), 4, 2),
    fingerprint=(0.752, 0.015, 0.204, 0.375),
    pdf417=(0.016, 0.690, 0.748, 0.286),
    code39=(0.881, 0.466, 0.075, 0.518),
    laminate=True,
    issued_in=(2006, 2020),
)  # fmt: skip


def azul(rng: random.Random) -> tuple[Design, Design]:
    """Both sides of one card: blue or yellow, with its laminate or cut to the print."""
    front = replace(
        _FRONT,
        ground="yellow" if rng.random() < 0.12 else "teal",
        laminate=rng.random() < 0.8,
    )
    back = replace(_BACK, ground=front.ground, laminate=front.laminate)
    if rng.random() < 0.15:
        back = _donation_left_empty(back)
    if rng.random() < 0.2:
        back = _further_right(back, ("b", "c"), 0.05)
    return front, back


def _donation_left_empty(back: Design) -> Design:
    prints = tuple(item for item in back.prints if item.text != ("{organ_donation}",))
    return replace(back, prints=prints, fields=back.fields | {"organ_donation": ""})


def _further_right(back: Design, columns: tuple[str, ...], distance: float) -> Design:
    """As a whole print batch has it."""
    moved = (
        replace(item, x=item.x + distance) if item.column in columns else item
        for item in back.prints
    )
    return replace(back, prints=tuple(moved))

"""What each card prints where, as data: boxes and wordings gathered from public sources.

Coordinates are 0..1 of the card; `h` is the height of the printed capitals' box. Texts are templates
over `values(holder)`; where several are given, one is drawn at random.
"""

import random
from dataclasses import dataclass

from specimens.holders import MONTHS, Holder

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Print:
    """One printed text."""

    text: tuple[str, ...]
    x: float
    y: float
    h: float
    style: str = "value"
    """`label`, `value`, `heading` or `accent` (the brown-red of the blue card)."""
    column: str = ""
    """Prints of a column shift together from batch to batch."""


@dataclass(frozen=True)
class Design:
    """One side of one generation of card."""

    layout: str
    card_type: str
    card_side: str
    ground: str
    """`cyan`, `teal`, `yellow` or `assorted`."""
    prints: tuple[Print, ...]
    fields: dict[str, str]
    """Truth: a template over `values(holder)` for each field of the table."""
    portrait: Box | None = None
    ghost: Box | None = None
    chip: Box | None = None
    signature: Box | None = None
    cells: tuple[Box, int, int] | None = None
    """Grid of voting cells: box, columns, rows."""
    mrz: tuple[float, float, float] | None = None
    """Vertical positions of the three lines."""
    mrz_h: float = 0.054
    code39: Box | None = None
    pdf417: Box | None = None
    vertical: tuple[str, Box] | None = None
    """A text that runs upwards."""
    laminate: bool = False
    holder_id: str = "{number}"


def values(holder: Holder) -> dict[str, str]:
    """Everything a template may name."""
    dates = {
        "birth": holder.birth,
        "registered": holder.registered,
        "issued": holder.issued,
        "expires": holder.expires,
    }
    texts: dict[str, str] = {}
    for name, day in dates.items():
        texts[name] = f"{day:%d %m %Y}" if day else "NO CADUCA"
        texts[f"{name}_slashed"] = f"{day:%d/%m/%Y}" if day else "NO CADUCA"
        day = day or holder.issued.replace(year=holder.issued.year + 5, day=1)
        texts[f"{name}_month"] = f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"
        texts[f"{name}_dashed"] = f"{day:%d-%m-%Y}"
    own = {name: getattr(holder, name) for name in Holder.__dataclass_fields__}
    lines = (*holder.address, "")
    words = {"S": "Soltero", "C": "Casado", "V": "Viudo", "D": "Divorciado"}
    surnames = f"{holder.first_surname} {holder.second_surname}".strip()
    return own | texts | {
        "address": " ".join(holder.address),
        "address_1": lines[0],
        "address_2": lines[1],
        "sex_word": holder.sex_word,
        "marital_word": holder.marital_word,
        "marital_api": words[holder.marital],
        "region": holder.region,
        "surnames": surnames,
        "serial": f"{int(holder.number) * 97 % 10_000_000_000:010d}",
        "access": f"{int(holder.number) * 31 % 1_000_000:06d}",
    }  # fmt: skip


def _pair(
    label: str | tuple[str, ...],
    text: str | tuple[str, ...],
    at: tuple[float, float, float],
    value_at: tuple[float, float, float],
    column: str = "",
    style: str = "value",
) -> tuple[Print, Print]:
    """A label and its value."""
    labels = (label,) if isinstance(label, str) else label
    texts = (text,) if isinstance(text, str) else text
    return Print(labels, *at, "label", column), Print(texts, *value_at, style, column)


_DNIE_HEADER = (
    Print(("REPÚBLICA DEL PERÚ",), 0.127, 0.044, 0.037, "heading"),
    Print(("REGISTRO NACIONAL DE IDENTIFICACIÓN Y ESTADO CIVIL",), 0.423, 0.046, 0.030, "heading"),
)
_CELLS_LABEL = ("CONSTANCIA DE SUFRAGIO", "Constancia de Sufragio")
_EMISSION = ("Fecha de Emisión", "Fecha Emisión")
_EXPIRY = ("Fecha de Caducidad", "Fecha Caducidad")

DNIE_2013_FRONT = Design(
    layout="dnie_2013",
    card_type="new",
    card_side="front",
    ground="cyan",
    prints=(
        *_DNIE_HEADER,
        Print(("DOCUMENTO NACIONAL",), 0.125, 0.089, 0.028, "heading"),
        Print(("DE IDENTIDAD DNI",), 0.125, 0.121, 0.028, "heading"),
        *_pair("CUI", "{number}-{digit}", (0.058, 0.209, 0.034), (0.061, 0.252, 0.043), "a"),
        Print(("{serial}",), 0.109, 0.623, 0.024, "value"),
        *_pair("Primer Apellido", "{first_surname}", (0.295, 0.200, 0.026), (0.297, 0.232, 0.031), "b"),
        *_pair("Segundo Apellido", "{second_surname}", (0.295, 0.315, 0.026), (0.297, 0.346, 0.031), "b"),
        *_pair("Prenombres", "{given_names}", (0.295, 0.423, 0.026), (0.297, 0.454, 0.034), "b"),
        *_pair("Sexo", "{sex_word}", (0.295, 0.537, 0.023), (0.297, 0.566, 0.031), "b"),
        *_pair("Estado Civil", "{marital_word}", (0.503, 0.537, 0.023), (0.503, 0.566, 0.034), "c"),
        *_pair("Fecha de Nacimiento", "{birth}", (0.295, 0.614, 0.026), (0.299, 0.646, 0.034), "b"),
        *_pair("Ubigeo de Nacimiento", "{birth_place}", (0.503, 0.614, 0.029), (0.503, 0.646, 0.037), "c"),
        *_pair(_EMISSION, "{issued}", (0.295, 0.689, 0.026), (0.299, 0.723, 0.034), "b"),
        *_pair(_EXPIRY, "{expires}", (0.503, 0.689, 0.026), (0.504, 0.723, 0.034), "c"),
        *_pair("Grupo de Votación", "{election_number}", (0.295, 0.771, 0.026), (0.299, 0.800, 0.034), "b"),
        *_pair(("Donación de Órganos", "Donación de Organos"), "{organ_donation}", (0.503, 0.771, 0.029), (0.503, 0.800, 0.034), "c"),
        Print(("{birth}",), 0.075, 0.905, 0.022, "label"),
    ),
    fields={
        "id_number": "{number}-{digit}", "father_name": "{first_surname}",
        "mother_name": "{second_surname}", "name": "{given_names}", "gender": "{sex_word}",
        "gender_s": "{sex}", "marriage": "{marital_api}", "birthday": "{birth_slashed}",
        "birth_place": "{birth_place}", "issue_date": "{issued_slashed}",
        "expiry_date": "{expires_slashed}", "election_number": "{election_number}",
        "organ_donation": "{organ_donation}",
    },
    portrait=(0.688, 0.218, 0.278, 0.522),
    ghost=(0.071, 0.777, 0.130, 0.174),
    chip=(0.098, 0.306, 0.153, 0.223),
    signature=(0.764, 0.817, 0.135, 0.086),
    vertical=("{number}-{digit}", (0.968, 0.540, 0.020, 0.191)),
)  # fmt: skip

DNIE_2020_FRONT = Design(
    layout="dnie_2020",
    card_type="new",
    card_side="front",
    ground="cyan",
    prints=(
        Print(("REPÚBLICA DEL PERÚ",), 0.036, 0.044, 0.037, "heading"),
        Print(("REGISTRO NACIONAL DE IDENTIFICACIÓN Y ESTADO CIVIL",), 0.036, 0.095, 0.028, "heading"),
        Print(("DOCUMENTO NACIONAL DE IDENTIDAD",), 0.036, 0.145, 0.030, "heading"),
        *_pair("CUI", "{number}-{digit}", (0.735, 0.112, 0.034), (0.783, 0.108, 0.040), "a"),
        *_pair("Primer Apellido", "{first_surname}", (0.298, 0.240, 0.026), (0.298, 0.280, 0.036), "b"),
        *_pair("Segundo Apellido", "{second_surname}", (0.298, 0.356, 0.026), (0.298, 0.396, 0.036), "b"),
        *_pair("Prenombres", "{given_names}", (0.298, 0.474, 0.026), (0.298, 0.514, 0.036), "b"),
        *_pair("Sexo", "{sex}", (0.279, 0.624, 0.026), (0.279, 0.690, 0.036), "b"),
        *_pair("Nacionalidad", "PER", (0.398, 0.624, 0.026), (0.398, 0.690, 0.036), "b"),
        *_pair("Fecha de Nacimiento", "{birth}", (0.750, 0.622, 0.026), (0.750, 0.690, 0.036), "c"),
        *_pair("Estado Civil", ("{marital_word}", "{marital}"), (0.398, 0.762, 0.026), (0.398, 0.821, 0.036), "b"),
        *_pair(_EMISSION, "{issued}", (0.750, 0.762, 0.026), (0.750, 0.821, 0.036), "c"),
        *_pair(("Nº de Tarjeta", "N° de Tarjeta"), "{serial}", (0.398, 0.870, 0.024), (0.398, 0.908, 0.034), "b"),
        *_pair(_EXPIRY, "{expires}", (0.750, 0.868, 0.024), (0.750, 0.908, 0.034), "c"),
        Print(("{access}",), 0.800, 0.560, 0.030, "value"),
    ),
    fields=DNIE_2013_FRONT.fields | {"birth_place": "", "election_number": "", "organ_donation": ""},
    portrait=(0.036, 0.255, 0.230, 0.424),
    ghost=(0.640, 0.255, 0.110, 0.150),
    signature=(0.05, 0.72, 0.18, 0.12),
)  # fmt: skip

_BACK_FIELDS = {
    "region": "{region}", "address": "{address}", "birth_place": "{birth_place}",
    "election_number": "{election_number}", "organ_donation": "{organ_donation}",
}  # fmt: skip

DNIE_2013_BACK = Design(
    layout="dnie_2013",
    card_type="new",
    card_side="back",
    ground="cyan",
    prints=(
        Print(("{access}",), 0.80, 0.10, 0.036, "value"),
        *_pair("Departamento/Provincia/Distrito", "{region}", (0.03, 0.360, 0.028), (0.03, 0.402, 0.034), "a"),
        *_pair("Dirección", "{address_1}", (0.03, 0.460, 0.028), (0.03, 0.502, 0.034), "a"),
        Print(("{address_2}",), 0.03, 0.552, 0.034, "value", "a"),
    ),
    fields=_BACK_FIELDS | {"birth_place": "", "election_number": "", "organ_donation": ""},
    cells=((0.03, 0.03, 0.70, 0.30), 4, 2),
    signature=(0.74, 0.45, 0.16, 0.12),
    mrz=(0.675, 0.775, 0.875),
)  # fmt: skip

DNIE_2020_BACK = Design(
    layout="dnie_2020",
    card_type="new",
    card_side="back",
    ground="cyan",
    prints=(
        *_pair("Grupo de Votación", "{election_number}", (0.723, 0.070, 0.024), (0.723, 0.110, 0.036), "b"),
        *_pair("Ubigeo de Nacimiento", "{birth_place}", (0.050, 0.262, 0.026), (0.235, 0.260, 0.030), "a"),
        *_pair("Donación de Órganos", "{organ_donation}", (0.050, 0.341, 0.026), (0.260, 0.339, 0.030), "a"),
        *_pair("Dirección", "{address_1}", (0.388, 0.255, 0.026), (0.388, 0.292, 0.032), "c"),
        Print(("{address_2}",), 0.388, 0.338, 0.032, "value", "c"),
        *_pair("Departamento/Provincia/Distrito", "{region}", (0.388, 0.402, 0.026), (0.388, 0.440, 0.032), "c"),
    ),
    fields=_BACK_FIELDS,
    cells=((0.052, 0.068, 0.629, 0.147), 4, 1),
    chip=(0.111, 0.412, 0.136, 0.201),
    code39=(0.904, 0.066, 0.060, 0.406),
    mrz=(0.680, 0.780, 0.880),
)  # fmt: skip

DNIE_2025_BACK = Design(
    layout="dnie_2025",
    card_type="new",
    card_side="back",
    ground="cyan",
    prints=(
        *DNIE_2020_BACK.prints,
        Print(("Cuarto nivel",), 0.388, 0.500, 0.026, "label", "c"),
        Print(("{access}",), 0.388, 0.540, 0.030, "value", "c"),
        Print(("Grupo y factor sanguíneo",), 0.640, 0.500, 0.026, "label", "c"),
        Print(("O RH+", "A RH-", "B RH+"), 0.640, 0.540, 0.030, "value", "c"),
    ),
    fields=_BACK_FIELDS,
    cells=DNIE_2020_BACK.cells,
    chip=DNIE_2020_BACK.chip,
    code39=DNIE_2020_BACK.code39,
    mrz=DNIE_2020_BACK.mrz,
)

DNI_AZUL_FRONT = Design(
    layout="dni_azul",
    card_type="old",
    card_side="front",
    ground="teal",
    prints=(
        Print(("REPUBLICA DEL PERU",), 0.021, 0.022, 0.036, "heading"),
        Print(("REGISTRO NACIONAL DE IDENTIFICACION Y ESTADO CIVIL",), 0.265, 0.018, 0.034, "heading"),
        Print(("DOCUMENTO NACIONAL DE IDENTIDAD",), 0.266, 0.068, 0.036, "heading"),
        Print(("CUI",), 0.740, 0.050, 0.022, "label"),
        Print(("DNI",), 0.722, 0.078, 0.035, "label"),
        Print(("{number}-",), 0.777, 0.049, 0.048, "accent"),
        Print(("{digit}",), 0.952, 0.056, 0.043, "value"),
        *_pair("Primer Apellido", "{first_surname}", (0.249, 0.119, 0.038), (0.249, 0.162, 0.037), "b"),
        *_pair("Segundo Apellido", "{second_surname}", (0.249, 0.238, 0.038), (0.249, 0.285, 0.037), "b"),
        *_pair("Pre Nombres", "{given_names}", (0.249, 0.357, 0.038), (0.249, 0.401, 0.035), "b"),
        *_pair("Nacimiento: Fecha y Ubigeo", "{birth}", (0.249, 0.476, 0.038), (0.249, 0.511, 0.036), "b"),
        Print(("{birth_place}",), 0.427, 0.511, 0.036, "value", "b"),
        *_pair("Sexo", "{sex}", (0.248, 0.556, 0.036), (0.249, 0.591, 0.036), "b"),
        *_pair("Estado Civil", "{marital}", (0.361, 0.558, 0.036), (0.363, 0.591, 0.036), "b"),
        *_pair(("Fecha Inscripción", "Fecha de Inscripción"), "{registered}", (0.805, 0.131, 0.036), (0.840, 0.171, 0.036), "c"),
        *_pair(("Fecha Emisión", "Fecha de Emisión"), "{issued}", (0.815, 0.232, 0.036), (0.840, 0.272, 0.036), "c"),
        *_pair("Fecha Caducidad", "{expires}", (0.810, 0.332, 0.036), (0.839, 0.369, 0.036), "c", "accent"),
        Print(("{first_surname}",), 0.05, 0.622, 0.016, "value"),
    ),
    fields={
        "id_number": "{number}-{digit}", "father_name": "{first_surname}",
        "mother_name": "{second_surname}", "name": "{given_names}", "gender": "{sex}",
        "gender_s": "{sex}", "marriage": "{marital}", "birthday": "{birth_slashed}",
        "birth_place": "{birth_place}", "registration_date": "{registered_slashed}",
        "issue_date": "{issued_slashed}", "expiry_date": "{expires_slashed}",
    },
    portrait=(0.027, 0.131, 0.200, 0.480),
    ghost=(0.876, 0.490, 0.085, 0.174),
    signature=(0.56, 0.46, 0.20, 0.16),
    mrz=(0.735, 0.810, 0.884),
    vertical=("{number}", (0.002, 0.30, 0.022, 0.28)),
    laminate=True,
)  # fmt: skip

DNI_AZUL_BACK = Design(
    layout="dni_azul",
    card_type="old",
    card_side="back",
    ground="teal",
    prints=(
        *_pair("Departamento", "{department}", (0.016, 0.385, 0.034), (0.018, 0.425, 0.036), "a"),
        *_pair("Provincia", "{province}", (0.232, 0.384, 0.034), (0.231, 0.425, 0.036), "b"),
        *_pair("Distrito", "{district}", (0.531, 0.385, 0.034), (0.530, 0.427, 0.036), "b"),
        *_pair("Dirección", "{address_1}", (0.011, 0.484, 0.034), (0.018, 0.523, 0.036), "a"),
        Print(("{address_2}",), 0.018, 0.566, 0.034, "value", "a"),
        Print(("Observaciones",), 0.011, 0.613, 0.030, "label", "a"),
        *_pair("Donación de Organos", "{organ_donation}", (0.011, 0.651, 0.032), (0.245, 0.651, 0.034), "a"),
        *_pair("Grupo de Votación", "{election_number}", (0.476, 0.649, 0.032), (0.690, 0.649, 0.034), "a"),
    ),
    fields={
        "department": "{department}", "province": "{province}", "district": "{district}",
        "address": "{address}", "election_number": "{election_number}",
        "organ_donation": "{organ_donation}",
    },
    cells=((0.014, 0.026, 0.689, 0.340), 4, 2),
    pdf417=(0.016, 0.690, 0.748, 0.286),
    code39=(0.881, 0.466, 0.075, 0.518),
    laminate=True,
)  # fmt: skip


def carne_extranjeria(rng: random.Random) -> Design:
    """A foreigner's card in one of many arrangements: no two models agree on places."""
    english = rng.random() < 0.35
    inline = not english and rng.random() < 0.3
    photo_left = rng.random() < 0.75
    dates = rng.random() < 0.5
    labels = [
        (("Apellidos",), "Surname", "{surnames}"),
        (("Nombres",), "Given Names", "{given_names}"),
        (("Nacionalidad",), "Nationality", "{nationality}"),
        (("Fecha de Nacimiento", "Fecha Nac."), "Date of Birth", "{birth_month}"),
        (("Sexo",), "Sex", "{sex}"),
        (("Estado Civil",), "Marital Status", "{marital}"),
        (("Doc. de Viaje", "Documento de Viaje", "N° Documento"), "Travel Document", "{passport}"),
        (("Calidad Migratoria",), "Migratory Quality", "{migratory_quality}"),
        (("Fecha de Emisión",) if dates else ("Emisión",), "Date of Issue", "{issued_month}"),
        (("Fecha de Caducidad",) if dates else ("Caducidad",), "Date of Expiry", "{expires_month}"),
    ]
    left = 0.30 if photo_left else 0.05
    prints = [
        Print(("REPÚBLICA DEL PERÚ",), left, 0.04, 0.040, "heading"),
        Print(("MIGRACIONES", "SUPERINTENDENCIA NACIONAL DE MIGRACIONES"), left, 0.09, 0.034, "heading"),
        Print(("CARNÉ DE EXTRANJERÍA", "CARNE DE EXTRANJERIA"), left, 0.14, 0.044, "heading"),
    ]  # fmt: skip
    number_x = left + (0.36 if rng.random() < 0.5 else 0.0)
    number_y = 0.14 if number_x > left else 0.20
    prints.append(Print(("N°", "Nº"), number_x, number_y, 0.040, "label"))
    prints.append(Print(("{foreigner_number}",), number_x + 0.05, number_y, 0.042, "value"))
    rows = [labels[0:1], labels[1:2], labels[2:4], labels[4:6], labels[6:8], labels[8:10]]
    y, step = 0.27, (0.70 / len(rows))
    for row in rows:
        for place, (spanish, foreign, text) in enumerate(row):
            x = left + place * 0.34
            wording = spanish if not english else tuple(f"{s} / {foreign}" for s in spanish)
            h = 0.026 if english else 0.030
            if inline and len(row) == 1:
                prints.append(Print(tuple(f"{s}:" for s in wording), x, y, 0.032, "label"))
                prints.append(Print((text,), x + 0.17, y, 0.036, "value"))
            else:
                prints.append(Print(wording, x, y, h, "label"))
                prints.append(Print((text,), x, y + 0.045, 0.036, "value"))
        y += step
    return Design(
        layout="carne_extranjeria",
        card_type="ALIEN",
        card_side="front",
        ground="assorted",
        prints=tuple(prints),
        fields={
            "id_number": "{foreigner_number}", "document_number": "{passport}",
            "surname": "{surnames}", "given_name": "{given_names}", "gender": "{sex}",
            "gender_s": "{sex}", "marriage": "{marital}", "birthday": "{birth_month}",
            "birthday_s": "{birth_dashed}", "issue_date": "{issued_month}",
            "issue_date_s": "{issued_dashed}", "expiry_date": "{expires_month}",
            "expiry_date_s": "{expires_dashed}", "nationality": "{nationality}",
            "migratory_quality": "{migratory_quality}",
        },
        portrait=(0.03, 0.25, 0.24, 0.50) if photo_left else (0.73, 0.25, 0.24, 0.50),
        signature=(0.05, 0.80, 0.18, 0.12) if photo_left else (0.75, 0.80, 0.18, 0.12),
        holder_id="{foreigner_number}",
    )  # fmt: skip


def sides(rng: random.Random) -> dict[str, Design]:
    """Every side of every generation, by layout and side."""
    designs = (
        DNIE_2013_FRONT, DNIE_2013_BACK, DNIE_2020_FRONT, DNIE_2020_BACK, DNIE_2025_BACK,
        DNI_AZUL_FRONT, DNI_AZUL_BACK, carne_extranjeria(rng),
    )  # fmt: skip
    return {f"{design.layout}_{design.card_side}": design for design in designs}

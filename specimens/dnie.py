"""The electronic DNI: boxes and wordings gathered from public sources."""

# ruff: noqa: E501 - a printed text is one line of the table

from dataclasses import replace

from specimens.prints import Design, Print, pair

_ISSUE = ("Fecha de Emisión", "Fecha Emisión", "Fecha de Emision")
_EXPIRY = ("Fecha de Caducidad", "Fecha Caducidad")
_DONATION = ("Donación de Órganos", "Donación de Organos")
_VOTING = ("Grupo de Votación", "Grupo de Votacion")
_REGION = "Departamento/Provincia/Distrito"
_REGISTRY = "REGISTRO NACIONAL DE IDENTIFICACIÓN Y ESTADO CIVIL"
_STATE = "REPÚBLICA DEL PERÚ"

_FRONT_2013 = Design(
    layout="dnie_2013",
    card_type="new",
    card_side="front",
    ground="cyan",
    prints=(
        Print((_STATE,), 0.127, 0.044, 0.037, "heading", width=0.275),
        Print((_REGISTRY,), 0.423, 0.046, 0.034, "heading", width=0.544),
        Print(("DOCUMENTO NACIONAL",), 0.125, 0.089, 0.030, "heading", width=0.249),
        Print(("DE IDENTIDAD DNI",), 0.125, 0.121, 0.030, "heading", width=0.249),
        *pair("CUI", "{number}-{digit}", (0.058, 0.209, 0.034), (0.061, 0.252, 0.043), "a"),
        Print(("{serial}",), 0.109, 0.623, 0.026, "faint"),
        *pair("Primer Apellido", "{first_surname}", (0.295, 0.200, 0.026), (0.297, 0.232, 0.031), "b"),
        *pair("Segundo Apellido", "{second_surname}", (0.295, 0.315, 0.026), (0.297, 0.346, 0.031), "b"),
        *pair(("Prenombres", "Pre Nombres"), "{given_names}", (0.295, 0.423, 0.026), (0.297, 0.454, 0.034), "b"),
        *pair("Sexo", "{sex_word}", (0.295, 0.537, 0.025), (0.297, 0.566, 0.031), "b"),
        *pair("Estado Civil", "{marital_word}", (0.503, 0.537, 0.025), (0.503, 0.566, 0.034), "c"),
        *pair("Fecha de Nacimiento", "{birth}", (0.295, 0.614, 0.026), (0.299, 0.646, 0.034), "b"),
        *pair("Ubigeo de Nacimiento", "{birth_place}", (0.503, 0.614, 0.026), (0.503, 0.646, 0.034), "c"),
        *pair(_ISSUE, "{issued}", (0.295, 0.689, 0.026), (0.299, 0.723, 0.034), "b"),
        Print(_EXPIRY, 0.503, 0.689, 0.026, "red_label", "c"),
        Print(("{expires}",), 0.504, 0.723, 0.034, "value", "c"),
        *pair(_VOTING, "{election_number}", (0.295, 0.771, 0.026), (0.299, 0.800, 0.034), "b"),
        *pair(_DONATION, "{organ_donation}", (0.503, 0.771, 0.026), (0.503, 0.800, 0.034), "c"),
        Print(("{birth}",), 0.082, 0.912, 0.022, "faint"),
    ),
    fields={
        "id_number": "{number}-{digit}", "father_name": "{first_surname}",
        "mother_name": "{second_surname}", "name": "{given_names}", "gender": "{sex_word}",
        "gender_s": "{sex}", "marriage": "{marital_neutral}", "birthday": "{birth_slashed}",
        "birth_place": "{birth_place}", "issue_date": "{issued_slashed}",
        "expiry_date": "{expires_slashed}", "election_number": "{election_number}",
        "organ_donation": "{organ_donation}",
    },
    portrait=(0.688, 0.218, 0.268, 0.522),
    ghost=(0.071, 0.777, 0.130, 0.174),
    chip=(0.098, 0.306, 0.153, 0.223),
    signature=(0.764, 0.790, 0.135, 0.110),
    vertical=("{number}-{digit}", (0.959, 0.540, 0.020, 0.191)),
    issued_in=(2013, 2019),
)  # fmt: skip

_FRONT_2020 = Design(
    layout="dnie_2020",
    card_type="new",
    card_side="front",
    ground="cyan",
    prints=(
        Print((_STATE,), 0.036, 0.040, 0.038, "heading", width=0.30),
        Print((_REGISTRY,), 0.036, 0.092, 0.030, "heading", width=0.60),
        Print(("DOCUMENTO NACIONAL DE IDENTIDAD",), 0.036, 0.140, 0.032, "heading", width=0.50),
        *pair("CUI", "{number}-{digit}", (0.735, 0.112, 0.034), (0.783, 0.107, 0.042), "a"),
        *pair("Primer Apellido", "{first_surname}", (0.298, 0.235, 0.026), (0.298, 0.275, 0.037), "b"),
        *pair("Segundo Apellido", "{second_surname}", (0.298, 0.351, 0.026), (0.298, 0.391, 0.037), "b"),
        *pair(("Prenombres", "Pre Nombres"), "{given_names}", (0.298, 0.469, 0.026), (0.298, 0.509, 0.037), "b"),
        *pair("Sexo", "{sex}", (0.279, 0.624, 0.026), (0.282, 0.687, 0.036), "b"),
        *pair("Nacionalidad", "PER", (0.398, 0.624, 0.026), (0.398, 0.687, 0.036), "b"),
        *pair("Fecha de Nacimiento", "{birth}", (0.750, 0.622, 0.026), (0.750, 0.687, 0.036), "c"),
        *pair("Estado Civil", ("{marital_word}", "{marital}"), (0.398, 0.762, 0.026), (0.398, 0.821, 0.036), "b"),
        *pair(_ISSUE, "{issued}", (0.750, 0.762, 0.026), (0.750, 0.821, 0.036), "c"),
        *pair(("Nº de Tarjeta", "N° de Tarjeta"), "{serial}", (0.398, 0.868, 0.024), (0.398, 0.907, 0.034), "b"),
        Print(_EXPIRY, 0.750, 0.868, 0.024, "red_label", "c"),
        Print(("{expires}",), 0.750, 0.905, 0.034, "value", "c"),
        Print(("{access}",), 0.830, 0.560, 0.034, "value"),
        Print(("{number}",), 0.660, 0.420, 0.020, "faint"),
    ),
    fields=_FRONT_2013.fields | {"birth_place": "", "election_number": "", "organ_donation": ""},
    portrait=(0.036, 0.255, 0.230, 0.424),
    ghost=(0.690, 0.245, 0.120, 0.162),
    signature=(0.050, 0.710, 0.180, 0.130),
    issued_in=(2020, 2024),
)  # fmt: skip

_BACK_FIELDS = {
    "region": "{region}", "address": "{address}", "birth_place": "{birth_place}",
    "election_number": "{election_number}", "organ_donation": "{organ_donation}",
}  # fmt: skip

_BACK_2013 = Design(
    layout="dnie_2013",
    card_type="new",
    card_side="back",
    ground="cyan",
    prints=(
        Print(("{access}",), 0.800, 0.060, 0.036, "value"),
        *pair(_REGION, "{region}", (0.03, 0.360, 0.028), (0.03, 0.402, 0.034), "a"),
        *pair("Dirección", "{address}", (0.03, 0.460, 0.028), (0.03, 0.502, 0.034), "a", pitch=0.052),
    ),
    fields=_BACK_FIELDS | {"birth_place": "", "election_number": "", "organ_donation": ""},
    cells=((0.03, 0.03, 0.70, 0.30), 4, 2),
    fingerprint=(0.780, 0.130, 0.180, 0.290),
    signature=(0.760, 0.470, 0.180, 0.130),
    mrz=(0.675, 0.775, 0.875),
    issued_in=(2013, 2019),
)  # fmt: skip

_BACK_2020 = Design(
    layout="dnie_2020",
    card_type="new",
    card_side="back",
    ground="cyan",
    prints=(
        *pair(_VOTING, "{election_number}", (0.723, 0.068, 0.024), (0.723, 0.108, 0.040), "b"),
        *pair("Ubigeo de Nacimiento", "{birth_place}", (0.050, 0.262, 0.026), (0.235, 0.258, 0.032), "a"),
        *pair(_DONATION, "{organ_donation}", (0.050, 0.341, 0.026), (0.260, 0.337, 0.032), "a"),
        *pair("Dirección", "{address}", (0.388, 0.255, 0.026), (0.388, 0.290, 0.033), "c", pitch=0.048),
        *pair(_REGION, "{region}", (0.388, 0.400, 0.026), (0.388, 0.436, 0.033), "c"),
    ),
    fields=_BACK_FIELDS,
    cells=((0.052, 0.068, 0.629, 0.147), 4, 1),
    chip=(0.111, 0.412, 0.136, 0.201),
    code39=(0.904, 0.066, 0.060, 0.406),
    mrz=(0.670, 0.770, 0.870),
    issued_in=(2020, 2024),
)  # fmt: skip

_BACK_2025 = replace(
    _BACK_2020,
    layout="dnie_2025",
    prints=(
        *_BACK_2020.prints,
        *pair("Cuarto nivel", ("-", "", "CENTRO POBLADO", "NO APLICA"), (0.388, 0.497, 0.026), (0.388, 0.535, 0.030), "c"),
        *pair("Grupo y factor sanguíneo", ("O RH+", "A RH-", "B RH+", "O+", "-"), (0.640, 0.497, 0.026), (0.640, 0.535, 0.030), "c"),
    ),
    issued_in=(2025, 2025),
)  # fmt: skip


DNIE = (_FRONT_2013, _BACK_2013, _FRONT_2020, _BACK_2020, _BACK_2025)

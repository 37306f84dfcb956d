"""How the contract writes what was read."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cards import kinds
from pipeline.cards.kinds import KINDS


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("dni_number", "43451826-7", "43451826-7"),
        ("dni_number", "12345678- 1", "12345678-1"),
        ("dni_number", "434518267", "43451826-7"),
        ("dni_number", "DNI 1O117410-2", "10117410-2"),
        ("dni_number", "1234567", None),
        ("foreigner_number", "N° 004599123", "004599123"),
        ("date", "18 02 1986", "18/02/1986"),
        ("date", "18021986", "18/02/1986"),
        ("date", "18O21986", "18/02/1986"),
        ("date", "31 02 1986", None),
        ("expiry", "NOCADUCA", "NO CADUCA"),
        ("date_with_month", "16MAR1991", "16 MAR 1991"),
        ("date_with_month", "03 SET 2001", "03 SET 2001"),
        ("date_with_month", "16/03/1991", "16 MAR 1991"),
        ("numeric_date", "16 SEP 1991", "16-09-1991"),
        ("sex_word", "F", "FEMENINO"),
        ("sex_letter", "MASCULIN0", "M"),
        ("marital_word", "CASADA", "Casado"),
        ("marital_letter", "VIUDO", "V"),
        ("marital_letter", "D", "D"),
        ("six_digits", "12345", None),
        ("name", "PEÑ4", None),
        ("name", "NUÑEZ DE RUIZ", "NUÑEZ DE RUIZ"),
        ("name", "Primer Apellido", None),
        ("region", "/CALLAO/VENTANILLA", "/CALLAO/VENTANILLA"),
        ("address", "JR. EL SOL Nº 12", "JR. EL SOL N° 12"),
        ("address", "AV. GRAU 12 P.J NUEVO", "AV. GRAU 12 P.J. NUEVO"),
        ("address", "CA.JOSE OLAYA NRO.446 KM24.5", "CA. JOSE OLAYA NRO. 446 KM 24.5"),
        ("address", "AA.HH. EL SOL MZ. G2LT. 90O", "AA.HH. EL SOL MZ. G2 LT. 900"),
        ("address", "AV2 DE MAYO 1110A.H. LA PAZ 14.5", "AV 2 DE MAYO 1110 A.H. LA PAZ 14.5"),
        ("yes_no", "Sí", "SI"),
        ("yes_no", "N0", "NO"),
        ("travel_document", "P4479007", "P4479007"),
    ],
)
def test_a_value_is_written_as_the_contract_says(kind: str, text: str, value: str | None) -> None:
    read = KINDS[kind](text)
    assert (read.text if read else None) == value


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)), st.sampled_from(" /-."))
def test_every_date_survives_any_separator_and_none(day: datetime.date, separator: str) -> None:
    expected = f"{day:%d/%m}/{day.year:04d}"
    for glue in (separator, ""):
        read = kinds.date(glue.join((f"{day:%d}", f"{day:%m}", f"{day.year:04d}")))
        assert read is not None
        assert read.text == expected


@pytest.mark.parametrize("number", ["10117410-2", "43451826-7", "41326541-5"])
def test_published_numbers_have_the_digit_that_the_rule_gives(number: str) -> None:
    assert kinds.verification_characters(number[:8])[0] == number[9]


@given(st.sampled_from(sorted(KINDS)), st.text(max_size=60))
def test_no_text_makes_a_kind_fail(kind: str, text: str) -> None:
    KINDS[kind](text)

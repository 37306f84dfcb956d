"""The generated documentation says what the code says."""

from docs import generate


def test_the_data_dictionary_is_current() -> None:
    assert generate.TARGET.read_text() == generate.content(), "run: make docs"

"""Files that strangers send: each ends as it may, in one run that nothing ends."""

import pytest

from benchmarks import hostile
from specimens.hostile import Case, cases

EVERY = list(cases(hostile.card()))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return hostile.run(EVERY, tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_hostile_file_ends_as_it_may(case: Case, outcomes: dict[str, str]) -> None:
    assert outcomes[case.name] in case.outcomes

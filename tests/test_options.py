"""Every complaint about a command line comes at once, before anything is read."""

from pathlib import Path

import pytest

from pipeline import options
from pipeline.options import UsageError


@pytest.mark.parametrize(
    ("arguments", "complaints"),
    [
        ("", ["--input PATTERN or --manifest FILE", "give --output DIR"]),
        ("--input a --manifest b.csv --output o", ["either --input PATTERN or --manifest FILE"]),
        ("--manifest missing.csv --output o", ["missing.csv: no such file"]),
        ("--manifest list.txt --output o", ["must end in one of"]),
        ("--input a --output setup.py", ["setup.py is a file"]),
        ("--input a --output /proc/1/x", ["cannot be written"]),
        ("--input a --output o --detect_face 2", ["--detect_face must be 0 or 1"]),
        ("--input a --output o --run_id ../x", ["--run_id may hold"]),
        ("--input a --output o --fail_on_dead_letter_ratio 2", ["between 0 and 1"]),
        ("--input a --output o --fail_on_dead_letter_ratio x", ["invalid float value"]),
        ("--input a --output o --detect_fase 1", ["unknown option --detect_fase"]),
    ],
)
def test_mistakes_are_named(arguments: str, complaints: list[str]) -> None:
    with pytest.raises(UsageError) as error:
        options.parse(arguments.split())
    for complaint in complaints:
        assert complaint in str(error.value)


def test_options_of_beam_pass_through(tmp_path: Path) -> None:
    known = options.parse(
        ["--input", "a", "--input", "b", "--output", str(tmp_path), "--direct_num_workers", "2"]
    )
    assert known.inputs == ("a", "b")
    assert known.beam == ("--direct_num_workers", "2")


def test_options_of_beam_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "beam.yaml"
    path.write_text("runner: FlinkRunner\nparallelism: 2\nexperiments: [a, b]\nno_auth: true\n")
    words = ["--input", "a", "--output", str(tmp_path), "--beam_options", str(path)]
    known = options.parse([*words, "--parallelism=4"])
    expected = ["--runner=FlinkRunner", "--parallelism=2", "--experiments=a", "--experiments=b"]
    assert known.beam == (*expected, "--no_auth", "--parallelism=4")
    for text, complaint in (("[", "cannot be read as YAML"), ("- a", "name one option")):
        path.write_text(text)
        with pytest.raises(UsageError, match=complaint):
            options.parse(words)

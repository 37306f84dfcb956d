"""The command line: every complaint at once, each with a remedy, before anything is read."""

import argparse
import datetime
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml
from apache_beam.io.filesystems import FileSystems
from apache_beam.options.pipeline_options import PipelineOptions

from pipeline.settings import CONFIGS, LAYOUTS
from pipeline.transforms.sources import MANIFEST_FORMATS


class UsageError(ValueError):
    """The command line is wrong; the message is one line for the person who typed it."""


@dataclass(frozen=True)
class Options:
    """What a run was asked to do."""

    inputs: tuple[str, ...]
    manifest: str | None
    output: str
    detect_face: bool
    run_id: str
    responses: bool
    config: Path
    layouts: Path
    fail_on_dead_letter_ratio: float | None
    reprocess: bool
    max_documents: int | None
    num_shards: int
    beam: tuple[str, ...]
    """Options passed through to Beam."""


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line; raises UsageError."""
    parser = _parser()
    known, given = parser.parse_known_args(arguments)
    rest = [*_from_file(known.beam_options), *given]  # what comes last counts
    # stores are asked before the pipeline exists
    FileSystems.set_options(PipelineOptions(rest))
    complaints = [*_stores(known, rest)]  # without credentials asking a store takes minutes
    complaints = complaints or [
        *_inputs(known),
        *_output(known),
        *_values(known),
        *_beam(rest, given),
    ]
    if complaints:
        raise UsageError("; ".join(complaints))
    return Options(
        inputs=tuple(known.input),
        manifest=known.manifest,
        output=known.output,
        detect_face=known.detect_face == "1",
        run_id=known.run_id or f"{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%SZ}",
        responses=known.responses,
        config=Path(known.config),
        layouts=Path(known.layouts),
        fail_on_dead_letter_ratio=known.fail_on_dead_letter_ratio,
        reprocess=known.reprocess,
        max_documents=known.max_documents,
        num_shards=known.num_shards,
        beam=tuple(rest),
    )


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise UsageError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m pipeline",
        description="Read identity cards from images and PDFs into Parquet tables.",
        epilog="Other options, such as --runner or --direct_num_workers, go to Apache Beam.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--input", action="append", default=[], metavar="PATTERN", help="file, folder or pattern")
    add("--manifest", metavar="FILE", help="CSV, JSON Lines or Parquet, a row per document")
    add("--output", metavar="DIR", help="folder of the tables")
    add("--detect_face", default="0", metavar="0|1", help="1: fill face_region")
    add("--run_id", metavar="NAME", help="name of this run's partition; default: UTC start time")
    add("--reprocess", action="store_true", help="read again what an earlier run has read")
    add("--max_documents", type=int, metavar="N", help="read at most N documents, the rest later")
    add(
        "--num_shards",
        type=int,
        default=0,
        metavar="N",
        help="write each table into so many files; by default each worker writes its own",
    )
    add("--responses", action="store_true", help="also write the API's responses as JSON Lines")
    add("--config", default=str(CONFIGS / "default.yaml"), metavar="FILE", help="limits and engine")
    add("--layouts", default=str(LAYOUTS), metavar="DIR", help="layout files")
    add("--beam_options", metavar="FILE", help="YAML with options for Beam, a runner's")
    add(
        "--fail_on_dead_letter_ratio",
        type=float,
        metavar="RATIO",
        help="exit with 1 if more than this share (0..1) of the documents was dead-lettered",
    )
    return parser


class Described(NamedTuple):
    """What an option is called, what it means, and whether it stands without a value."""

    name: str
    help: str
    is_flag: bool


def described() -> list[Described]:
    """Every option of ours."""
    return [
        Described(action.dest, action.help or "", action.nargs == 0)
        for action in _parser()._actions
        if action.dest != "help"
    ]


def _from_file(path: str | None) -> list[str]:
    """The options for Beam that a YAML file names; `true` is an option without a value."""
    if path is None:
        return []
    try:
        options = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise UsageError(f"--beam_options {path}: cannot be read as YAML") from error
    if not isinstance(options, dict):
        raise UsageError(f"--beam_options {path}: name one option with its value on each line")
    return [
        f"--{name}" if one is True else f"--{name}={one}"
        for name, value in options.items()
        for one in (value if isinstance(value, list) else [value])
    ]


def _stores(known: argparse.Namespace, rest: Sequence[str]) -> list[str]:
    """Whether the stores that are named can be asked at all."""
    named = [*known.input, known.manifest or "", known.output or ""]
    schemes = {uri.partition("://")[0] for uri in named if "://" in uri}
    return [
        *(_s3(rest) if "s3" in schemes else []),
        *(_gs() if "gs" in schemes else []),
    ]


def _s3(rest: Sequence[str]) -> list[str]:
    try:
        import boto3
    except ImportError:
        return ["s3:// needs boto3; install this package with its extra, aws"]
    given = any(word.startswith("--s3_access_key_id") for word in rest)
    if not given and boto3.Session().get_credentials() is None:
        return ["s3:// needs credentials; set AWS_ACCESS_KEY_ID or what else the AWS tools use"]
    return []


def _gs() -> list[str]:
    try:
        import google.auth
        import google.cloud.storage
    except ImportError:
        return ["gs:// needs google-cloud-storage; install this package with its extra, gcp"]
    try:
        google.auth.default()
    except google.auth.exceptions.DefaultCredentialsError:
        return ["gs:// needs credentials; set GOOGLE_APPLICATION_CREDENTIALS, or log in by gcloud"]
    return []


def _inputs(known: argparse.Namespace) -> list[str]:
    if bool(known.input) == bool(known.manifest):
        return ["give either --input PATTERN or --manifest FILE"]
    if known.manifest and not known.manifest.endswith(MANIFEST_FORMATS):
        return [f"--manifest must end in one of {', '.join(MANIFEST_FORMATS)}"]
    if known.manifest and not FileSystems.match([known.manifest], [1])[0].metadata_list:
        return [f"--manifest {known.manifest}: no such file"]
    return []


def _output(known: argparse.Namespace) -> list[str]:
    if not known.output:
        return ["give --output DIR, the folder for the tables"]
    if "://" in known.output:
        return []
    folder = Path(known.output).absolute()
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        return [f"--output {known.output}: {folder} is a file; name a folder"]
    if not os.access(folder, os.W_OK):
        return [f"--output {known.output}: {folder} cannot be written; name another folder"]
    return []


def _values(known: argparse.Namespace) -> list[str]:
    complaints = []
    if known.detect_face not in ("0", "1"):
        complaints.append("--detect_face must be 0 or 1")
    if known.run_id is not None and not re.fullmatch(r"\w[\w.-]*", known.run_id, re.ASCII):
        complaints.append("--run_id may hold letters, digits, '.', '_' and '-' only")
    if known.max_documents is not None and known.max_documents < 1:
        complaints.append("--max_documents must be at least 1")
    if known.num_shards < 0:
        complaints.append("--num_shards must not be negative")
    ratio = known.fail_on_dead_letter_ratio
    if ratio is not None and not 0 <= ratio <= 1:
        complaints.append("--fail_on_dead_letter_ratio must be between 0 and 1")
    return complaints


def _beam(rest: Sequence[str], given: Sequence[str]) -> list[str]:
    """What of the given words Beam does not know either; on its own it would only warn.

    A file may name what the runner alone knows.
    """
    parser = _Parser(allow_abbrev=False, add_help=False, conflict_handler="resolve")
    for options in PipelineOptions.__subclasses__():
        options._add_argparse_args(parser)
    _, unknown = parser.parse_known_args(list(rest))
    wrong = [word for word in unknown if word.startswith("-") and word in given]
    return [f"unknown option {word}; see --help" for word in wrong]

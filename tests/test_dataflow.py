"""What Dataflow would be asked to run, translated without a network or an account."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners.dataflow.internal import apiclient
from apache_beam.runners.portability.fn_api_runner import translations

from deploy.launch import words
from pipeline import options, runner
from pipeline.build import build
from pipeline.settings import Settings
from tests.conftest import ROOT

IMAGE = "images.example/cards:1"
GIVEN = [
    "--beam_options=configs/dataflow.yaml",
    "--project=bank",
    "--region=southamerica-east1",
    "--temp_location=gs://bank/temp",
    f"--sdk_container_image={IMAGE}",
    "--dataflow_kms_key=key",
    "--dry_run=true",
    "--no_auth",
]


class Job(NamedTuple):
    """A pipeline as Dataflow gets it, and the machines that it asks for."""

    graph: Any
    machines: Any


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory, configuration: Settings) -> Job:
    def refuse(*_: object) -> None:
        raise AssertionError("translating must not use a network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.chdir(ROOT)
        output = str(tmp_path_factory.mktemp("out"))
        given = options.parse(["--input", "samples", "--output", output, *GIVEN])
        pipeline = beam.Pipeline(options=PipelineOptions(runner.with_defaults(given.beam)))
        build(pipeline, given, configuration, {})
        graph = pipeline.run().job.proto_pipeline
        machines = apiclient.Environment(
            packages=[],
            options=pipeline.options,
            environment_version=apiclient._FNAPI_ENVIRONMENT_MAJOR_VERSION,
            proto_pipeline_staged_url="",
            proto_pipeline=graph,
        )
        return Job(graph, machines.proto)


def test_reading_is_one_stage_between_shuffles(job: Job) -> None:
    phases = translations.standard_optimize_phases()
    fuse = phases.index(translations.greedily_fuse)
    phases = [*phases[:fuse], translations.expand_gbk, translations.greedily_fuse]
    _, stages = translations.create_and_optimize_stages(job.graph, phases, frozenset())
    fused = [{step.unique_name for step in stage.transforms} for stage in stages]
    (reading,) = [steps for steps in fused if "Read/Attempt" in steps]
    assert "Cards/Results" in reading
    assert not any(step.startswith(("List/", "Outstanding/", "Recall/")) for step in reading)


def test_workers_are_our_image_with_a_process_a_core(job: Job) -> None:
    (workers,) = job.machines.worker_pools
    (image,) = workers.sdk_harness_container_images
    assert image.container_image == IMAGE
    assert image.use_single_core_per_container
    assert workers.num_threads_per_worker == 1
    assert workers.machine_type == "n2-standard-8"
    assert workers.autoscaling_settings.max_num_workers == 40
    assert workers.autoscaling_settings.algorithm.name == "AUTOSCALING_ALGORITHM_BASIC"


def test_workers_have_no_public_address_and_encrypt_with_the_given_key(job: Job) -> None:
    (workers,) = job.machines.worker_pools
    assert workers.ip_configuration.name == "WORKER_IP_PRIVATE"
    assert job.machines.service_kms_key_name == "key"


def test_every_step_runs_in_an_environment_with_enough_memory(job: Job) -> None:
    (environment,) = job.graph.components.environments.values()
    assert environment.resource_hints["beam:resources:min_ram_bytes:v1"] == b"3000000000"
    assert IMAGE.encode() in environment.payload


@pytest.mark.parametrize(
    ("of_a_template", "of_the_command"),
    [
        (["--reprocess=true", "--responses=false"], ["--reprocess"]),
        (
            ["--output=gs://b/out", "--max_documents=5"],
            ["--output=gs://b/out", "--max_documents=5"],
        ),
    ],
)
def test_a_template_gives_flags_as_values(
    of_a_template: list[str], of_the_command: list[str]
) -> None:
    assert words(of_a_template) == of_the_command


def test_the_package_installs_with_its_models(tmp_path: Path) -> None:
    """As Beam installs it on workers that bring no image: from a source distribution."""
    installed = tmp_path / "installed"
    python("setup.py", "-q", "sdist", "-d", tmp_path)
    (package,) = tmp_path.glob("*.tar.gz")
    python(*"-m pip install --no-deps --no-build-isolation --target".split(), installed, package)
    load = "from pipeline.ocr.compact import CompactEngine; print(CompactEngine())"
    assert "CompactEngine" in python("-c", load, cwd=installed)
    (metadata,) = installed.glob("*.dist-info/METADATA")
    assert "Requires-Dist: apache-beam" in metadata.read_text()


def python(*words: str | Path, cwd: Path = ROOT) -> str:
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout

"""A standalone Flink cluster on this machine: a JobManager and TaskManagers, each a process.

`make .flink/.ready` fetches what it is made of.
"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

_HERE = Path(__file__).parent
INSTALLED = _HERE.parent.parent / ".flink"
"""What is fetched: `pyflink/lib`, Flink's jars, and `job-server.jar`, Beam's job server."""
JOB_SERVER = INSTALLED / "job-server.jar"

_JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
_JAVA = [
    "java",
    f"-Dlog4j.configurationFile={_HERE / 'log4j.properties'}",
    # parts of Java that Flink's serialisers look into (its documentation, "Java compatibility")
    *(
        f"--add-opens=java.base/{package}=ALL-UNNAMED"
        for package in (
            "java.lang",
            "java.lang.reflect",
            "java.net",
            "java.nio",
            "java.text",
            "java.time",
            "java.util",
            "java.util.concurrent",
        )
    ),
]
_HEAP = {_JOB_MANAGER: "-Xmx640m", _TASK_MANAGER: "-Xmx512m"}
"""Flink's own scripts derive these from config.yaml."""
_STARTS_WITHIN_SECONDS = 60.0
_RUNS_WITHIN_SECONDS = 300.0


class Cluster:
    """Runs while its context does; what its processes say goes into files in `folder`.

    Raises RuntimeError if it does not start.
    """

    def __init__(self, folder: Path, task_managers: int = 2) -> None:
        self._folder = folder
        self._rest, self._rpc = _free_ports(2)
        self._names = [f"taskmanager-{number}" for number in range(1, task_managers + 1)]
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def address(self) -> str:
        """Where jobs are submitted to: `host:port`."""
        return f"localhost:{self._rest}"

    def __enter__(self) -> Self:
        try:
            self._start("jobmanager", _JOB_MANAGER)
            for name in self._names:
                self._start(name, _TASK_MANAGER)
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for name in [*self._processes]:
            self._end(name, signal.SIGTERM)

    def kill(self, name: str) -> None:
        """End a process and all that it started, as the loss of its machine would."""
        self._end(name, signal.SIGKILL)

    def wait_for(self, step: str) -> None:
        """Return when a job runs a step of the graph; raises TimeoutError if none does."""
        by = time.monotonic() + _RUNS_WITHIN_SECONDS
        while time.monotonic() < by:
            for job in self._ask("jobs")["jobs"]:
                for task in self._ask(f"jobs/{job['id']}")["vertices"]:
                    if task["status"] == "RUNNING" and step in task["name"]:
                        return
            time.sleep(0.2)
        raise TimeoutError(f"no job ran {step}")

    def _start(self, name: str, main: str) -> None:
        ports = {"rest.port": self._rest, "jobmanager.rpc.port": self._rpc}
        jars = ":".join(map(str, sorted((INSTALLED / "pyflink" / "lib").glob("*.jar"))))
        with (self._folder / f"{name}.log").open("wb") as log:
            self._processes[name] = subprocess.Popen(
                [
                    *(*_JAVA, _HEAP[main], "-cp", jars, main, "--configDir", str(_HERE)),
                    *(word for key, port in ports.items() for word in ("-D", f"{key}={port}")),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _end(self, name: str, number: int) -> None:
        process = self._processes.pop(name)
        os.killpg(process.pid, number)
        process.wait()

    def _wait(self) -> None:
        by = time.monotonic() + _STARTS_WITHIN_SECONDS
        while time.monotonic() < by:
            time.sleep(0.2)
            for name, process in self._processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} ended; see {self._folder / name}.log")
            try:
                if self._ask("overview")["taskmanagers"] == len(self._names):
                    return
            except (urllib.error.URLError, ConnectionError):
                continue
        raise RuntimeError(f"the cluster did not start; see {self._folder}")

    def _ask(self, what: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://{self.address}/{what}", timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found


def _free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; all are held until all are found, so that they differ."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("localhost", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def options(cluster: Cluster) -> list[str]:
    """Options of the pipeline that run it on the cluster, from this folder."""
    command = json.dumps({"command": str(_HERE.parent / "worker")})
    return [
        "--beam_options=configs/flink.yaml",
        f"--flink_master={cluster.address}",
        f"--flink_job_server_jar={JOB_SERVER}",
        f"--environment_config={command}",
    ]

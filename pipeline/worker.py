"""What makes any of Beam's workers silent, private and single-threaded, and one of them itself.

Every worker loads this module, for `pipeline.runner` names it as a plugin of Beam: what a worker
would log may repeat what a card says; that it failed, and in which step, reaches the runner
without. `python -m pipeline.worker` is a worker: on this machine, where the environment says whom
it serves, and on a cluster, where arguments do, as they do to a container of Beam's.
"""

import argparse
import logging
import multiprocessing
import os
import signal
import sys

# parallelism is the runner's; set before any native library loads
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
logging.disable(logging.CRITICAL)
os.umask(0o077)  # tables are for their owner alone
# what runs in a child of a worker starts from a clean process: a copy of one with threads may crash
multiprocessing.set_start_method("forkserver", force=True)
multiprocessing.set_forkserver_preload(["pipeline.build"])
# Ctrl-C ends the run; the run ends its workers
signal.signal(signal.SIGINT, signal.SIG_IGN)

import grpc
from apache_beam.portability.api import beam_provision_api_pb2, beam_provision_api_pb2_grpc
from apache_beam.runners.worker import sdk_worker_main
from google.protobuf import json_format


def _environment(arguments: list[str]) -> dict[str, str]:
    """What Beam's harness takes from its environment, asked of the runner that started it."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.worker", description=__doc__)
    parser.add_argument("--id", required=True)
    parser.add_argument("--provision_endpoint", required=True)
    given, _ = parser.parse_known_args(arguments)
    with grpc.insecure_channel(given.provision_endpoint) as channel:
        service = beam_provision_api_pb2_grpc.ProvisionServiceStub(channel)
        request = beam_provision_api_pb2.GetProvisionInfoRequest()
        info = service.GetProvisionInfo(request, metadata=[("worker_id", given.id)]).info
    return {
        "WORKER_ID": given.id,
        "PIPELINE_OPTIONS": json_format.MessageToJson(info.pipeline_options),
        "RUNNER_CAPABILITIES": " ".join(info.runner_capabilities),
        "CONTROL_API_SERVICE_DESCRIPTOR": str(info.control_endpoint),
        "LOGGING_API_SERVICE_DESCRIPTOR": str(info.logging_endpoint),
    }


if __name__ == "__main__":
    if sys.argv[1:]:
        os.environ.update(_environment(sys.argv[1:]))
    sdk_worker_main.main(sys.argv)

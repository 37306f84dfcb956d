"""`python -m pipeline.worker`: Beam's worker process on this machine, silent and single-threaded.

Started by `pipeline.runner`. What a worker would log may repeat what a card says; that it failed,
and in which step, reaches the runner without.
"""

import logging
import os
import signal
import sys

# parallelism is the runner's; set before any native library loads
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
logging.disable(logging.CRITICAL)
# Ctrl-C ends the run; the run ends its workers
signal.signal(signal.SIGINT, signal.SIG_IGN)

from apache_beam.runners.worker import sdk_worker_main

if __name__ == "__main__":
    sdk_worker_main.main(sys.argv)

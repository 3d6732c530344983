"""The web process: Granian and its workers. Started by `serve`, which gives it its environment."""

import argparse

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from philoxenia_web.config.logs import GRANIAN_LOGGING

# Threads of a worker wait for the database together; pages are bound by the processor, so few are enough.
THREADS = 8
_REQUESTS_WAITING = 256


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    told = parser.parse_args()
    Server(
        "philoxenia_web.config.wsgi:application",
        address=told.host,
        port=told.port,
        interface=Interfaces.WSGI,
        workers=told.workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,
        backpressure=_REQUESTS_WAITING,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_level=LogLevels.error,
        log_dictconfig=GRANIAN_LOGGING,
        respawn_failed_workers=True,
        workers_kill_timeout=8,
    ).serve()


if __name__ == "__main__":
    main()

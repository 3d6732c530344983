"""The worker process: runs jobs, and takes up again the jobs of a worker that died."""

import asyncio
import faulthandler
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import django
from procrastinate import App
from procrastinate.jobs import DeleteJobCondition, Status

from philoxenia_web.config.environment import environment

# Studies take minutes and a core each; they never keep a hand-in's check from being run.
STUDIES = "studies"
STUDIES_AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
OTHERS_AT_ONCE = 2
# A worker says every few seconds that it lives; one silent for longer is dead.
_HEARTBEAT_SECONDS = 5.0
SILENT_SECONDS = 30.0
# A job whose worker dies this often is what kills it: it is given up.
_ATTEMPTS = 5
_STOP_SECONDS = 5.0
# A worker that has not tidied for so long hangs, at its end too: it says where, ends, and is started again.
_HANGING_SECONDS = 120.0
_KEEP_JOBS_HOURS = 24 * 30


async def take_up_lost_jobs(app: App) -> tuple[int, int]:
    """Put the jobs of dead workers back in the queue; how many, and how many were given up."""
    again = given_up = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        if job.attempts >= _ATTEMPTS:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
            given_up += 1
        else:
            await app.job_manager.retry_job(job)
            again += 1
    return again, given_up


async def work(app: App, note: Path, well: Callable[[], None] = lambda: None) -> None:
    """Run jobs until told to stop; `note` remembers which workers we are, `well` hears that we still work."""
    await _forget_the_last_workers(app, note)
    others = {"default", *(task.queue for task in app.tasks.values())} - {STUDIES}
    running = [
        asyncio.create_task(_run(app, [STUDIES], STUDIES_AT_ONCE)),
        asyncio.create_task(_run(app, sorted(others), OTHERS_AT_ONCE)),
        asyncio.create_task(_tidy(app, well)),
    ]
    _stop_on_signals(running)
    try:
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    finally:
        # Where one has failed, all end: whoever watches this process starts it again.
        for task in running:
            task.cancel()
        ended = await asyncio.gather(*running, return_exceptions=True)
    note.unlink(missing_ok=True)
    for fault in ended:
        if isinstance(fault, Exception):
            raise fault


async def _run(app: App, queues: list[str], at_once: int) -> None:
    await app.run_worker_async(
        name=queues[0],
        queues=queues,
        concurrency=at_once,
        fetch_job_polling_interval=2.0,
        abort_job_polling_interval=1.0,
        shutdown_graceful_timeout=_STOP_SECONDS,
        update_heartbeat_interval=_HEARTBEAT_SECONDS,
        stalled_worker_timeout=SILENT_SECONDS,
        delete_jobs=DeleteJobCondition.NEVER,
        install_signal_handlers=False,
    )


def _stop_on_signals(running: list["asyncio.Task[None]"]) -> None:
    def stop() -> None:
        for task in running:
            task.cancel()

    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop)


async def _forget_the_last_workers(app: App, note: Path) -> None:
    """One process works for a var folder: the one noted there was killed, and its jobs are free at once."""
    with suppress(OSError, ValueError):
        for number in note.read_text().split():
            await app.job_manager.unregister_worker(int(number))
    note.unlink(missing_ok=True)
    _keep_numbers_of(app, note)
    await take_up_lost_jobs(app)


def _keep_numbers_of(app: App, note: Path) -> None:
    register = app.job_manager.register_worker

    async def register_and_note() -> int:
        number = await register()
        with note.open("a") as file:
            file.write(f"{number}\n")
        return number

    app.job_manager.register_worker = register_and_note  # type: ignore[method-assign]


async def _tidy(app: App, well: Callable[[], None]) -> None:
    while True:
        well()
        await asyncio.sleep(SILENT_SECONDS / 3)
        await take_up_lost_jobs(app)
        await app.job_manager.delete_old_jobs(
            nb_hours=_KEEP_JOBS_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def keep_watch(seconds: float = _HANGING_SECONDS) -> None:
    """End this process with a word on where each thread stands, unless called again in time.

    The watch needs neither the loop nor a turn of Python's, which something that hangs may never give back.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)


async def _main(app: App, note: Path) -> None:
    keep_watch()
    async with app.open_async():
        await work(app, note, keep_watch)


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    django.setup()
    from django.utils import timezone  # noqa: PLC0415 (exists once Django is set up)
    from procrastinate.contrib.django import app  # noqa: PLC0415

    from philoxenia_web.directory.city import city  # noqa: PLC0415

    # A job's today is the city's, as on the pages.
    timezone.activate(city().zone)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        asyncio.run(_main(working, environment().var / "worker"))


if __name__ == "__main__":
    main()

"""The worker's watch over itself: one that hangs, wherever it does, says where and ends."""

import subprocess
import sys

BEGIN = """
import asyncio, sys
from unittest.mock import AsyncMock
from philoxenia_web.config import worker

app = AsyncMock()
worker.SILENT_SECONDS = 0
"""
# The third round ends it, with a code no watch has.
WORKS = """
app.job_manager.get_stalled_jobs.return_value = []
rounds = iter([None, None])

def well():
    worker.keep_watch()
    next(rounds, 7) and sys.exit(7)

asyncio.run(worker._tidy(app, well))
"""
HANGS_AT_WORK = """
async def never_answered(**_):
    await asyncio.Event().wait()

app.job_manager.get_stalled_jobs = never_answered
asyncio.run(worker._tidy(app, lambda: worker.keep_watch(0.2)))
"""
HANGS_AT_ITS_END = """
import threading

threading.Thread(target=threading.Event().wait).start()
worker.keep_watch(0.2)
"""


def ended(script: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", BEGIN + script]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def test_one_that_works_is_left_alone() -> None:
    assert ended(WORKS).returncode == 7


def test_one_that_no_database_answers_says_where_it_waits_and_ends() -> None:
    done = ended(HANGS_AT_WORK)
    assert done.returncode == 1
    assert "Timeout" in done.stderr and "asyncio" in done.stderr


def test_one_that_cannot_end_for_a_job_that_hangs_ends() -> None:
    done = ended(HANGS_AT_ITS_END)
    assert done.returncode == 1
    assert "Timeout" in done.stderr and "threading.py" in done.stderr

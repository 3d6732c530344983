"""kill -9 of every web process in the middle of a file a browser sends: nothing lost, nothing doubled."""

import hashlib
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Response
from tests.journeys.demonstration import JOURNEY, PATIENCE_MS, Demonstration
from tests.journeys.served import Served

pytestmark = JOURNEY
WEB = "philoxenia_web.config.web"
PIECE = 4_000_000


@pytest.fixture
def served(demo: Demonstration) -> Served:
    """The processes, which only who started them may kill."""
    if demo.served is None:
        pytest.skip("this demonstration was started by somebody else")
    return demo.served


def test_the_file_goes_on_where_it_was(demo: Demonstration, served: Served, tmp_path: Path) -> None:
    file = tmp_path / f"{tmp_path.parent.name}.csv"
    file.write_text("place,people\n" + "".join(f"{i:012d},{i % 997}\n" for i in range(600_000)))
    assert file.stat().st_size > 2 * PIECE
    killed: list[int] = []

    def kill_after_the_first_piece(answer: Response) -> None:
        if answer.request.method == "PATCH" and not killed:
            killed.extend(served.pids(WEB))
            for pid in killed:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    with demo.window("data_steward") as page:
        page.goto("/data/hand-in/")
        page.on("response", kill_after_the_first_piece)
        page.set_input_files("input[type=file]", file)
        page.click("[data-send]")
        page.wait_for_url("**/check/", timeout=4 * PATIENCE_MS)
        version = page.url.split("/")[-3]
    assert killed
    sent = hashlib.sha256(file.read_bytes()).hexdigest()
    found = demo.ask("select id::text, sha256 from datasets_version where file_name = %s", file.name)
    assert found == [(version, sent)]

"""`philoxenia serve` as whoever runs it: started, killed part by part, started again, stopped."""

import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.journeys.served import PATIENCE_SECONDS, Served, command_line, descendants, philoxenia, until

from philoxenia_web.config import postgres

pytestmark = pytest.mark.xdist_group("serve")
WEB, WORKER, DATABASE = "philoxenia_web.config.web", "philoxenia_web.config.worker", "bin/postgres -D"
RAN = "select status::text from procrastinate_jobs where id = %s"
ENDED = ("succeeded", "failed", "aborted", "cancelled")
STANDS = """
    select j.id, j.task_name, j.status::text, j.attempts, j.scheduled_at, w.id, w.last_heartbeat, now()
    from procrastinate_jobs j left join procrastinate_workers w on w.id = j.worker_id
    order by j.id desc limit 20"""


@pytest.fixture(scope="module")
def served(shared_place: Path) -> Iterator[Served]:
    with Served(shared_place / "var", from_nothing=True) as running:
        yield running


def keep_a_row(served: Served, action: str) -> None:
    served.ask(
        "insert into accounts_auditentry (action, object_type, object_id, reason, request_id)"
        " values (%s, '', '', '', '')",
        action,
    )


def rows(served: Served, action: str) -> int:
    return int(served.ask("select count(*) from accounts_auditentry where action = %s", action)[0][0])


def test_every_part_is_well_and_the_first_page_asks_to_sign_in(served: Served) -> None:
    assert set(served.checks().values()) == {"ok"}
    assert served.get("/")[0] == 302
    assert f"http://localhost:{served.port}" in served.said.read_text()


def test_a_second_one_for_the_same_folder_is_told_who_has_it(served: Served) -> None:
    second = philoxenia(served.var, "serve", "--port", "0")
    assert second.returncode == 5
    assert str(served.process.pid) in second.stderr and "PHILOXENIA_VAR" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_port_in_use_gets_a_sentence(place: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        said = philoxenia(place / "var", "serve", "--port", str(taken))
    assert said.returncode == 5
    assert f"Port {taken}" in said.stderr and "--port" in said.stderr and "Traceback" not in said.stderr


def test_only_passwords_open_the_database_and_only_we_know_them(served: Served) -> None:
    server = postgres.place_of(served.var)
    for role in (postgres.SUPERUSER, postgres.OWNER, postgres.APPLICATION):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://{role}@/postgres?host={server.socket}", passfile=os.devnull)
    assert stat.S_IMODE(server.passwords.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE((served.var / "secret-key").stat().st_mode) == 0o600
    said = [command_line(pid) for pid in descendants(served.process.pid)]
    kept = server.passwords.read_text()
    assert not any(
        word in kept for line in said for word in line.split() if len(word) > 30 and "/" not in word
    )


def test_the_application_may_not_make_tables(served: Served) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        served.ask("create table public.mine (id int)")


@pytest.mark.parametrize(
    ("part", "which"),
    [(WEB, 0), (WEB, -1), (WORKER, 0), (DATABASE, 0)],
    ids=["web server", "one of its workers", "worker", "database"],
)
def test_what_is_killed_comes_back_with_its_data(served: Served, part: str, which: int) -> None:
    keep_a_row(served, f"tests.before_{part}_{which}")
    before = set(served.pids(part))
    served.kill(part, which)
    until(lambda: served.ready() and set(served.pids(part)) - before)
    assert served.process.poll() is None
    assert rows(served, f"tests.before_{part}_{which}") == 1
    assert served.get("/account/login/")[0] == 200


def test_the_job_of_a_killed_worker_runs_again(served: Served) -> None:
    try:
        until(served.ready)
    except AssertionError as late:
        late.add_note(f"{served.checks()} {served.said.read_text()[-9000:]}")
        raise
    [(worker,)] = served.ask("select max(id) from procrastinate_workers")
    task = "builtin:procrastinate.builtin_tasks.remove_old_jobs"
    [(job,)] = served.ask(
        "insert into procrastinate_jobs (queue_name, task_name, status, args, worker_id, abort_requested)"
        " values ('builtin', %s, 'doing', '{\"max_hours\": 1000}', %s, false) returning id",
        task,
        worker,
    )
    served.kill(WORKER)
    try:
        until(lambda: served.ask(RAN, job)[0][0] in ENDED)
    except AssertionError as late:
        late.add_note(f"{served.ask(STANDS)} {served.said.read_text()[-9000:]}")
        raise
    assert served.ask(RAN, job) == [("succeeded",)], served.said.read_text()[-9000:]


def test_numbers_are_for_this_machine_and_jobs_are_among_them(served: Served) -> None:
    served.get("/account/login/")
    status, body = served.get("/metrics")
    text = body.decode()
    assert status == 200
    assert 'philoxenia_requests_total{method="GET",status="200",view="account_login"}' in text
    assert 'philoxenia_jobs{state="succeeded"}' in text


def test_killed_itself_it_leaves_nothing_running_and_the_next_start_finds_the_data(place: Path) -> None:
    # A path longer than a socket's may be.
    var = place / ("a-folder-with-a-long-name-" * 5) / "var"
    with Served(var) as first:
        keep_a_row(first, "tests.before_the_end")
        below = descendants(first.process.pid)
        assert len(below) > 5
        first.process.kill()
        first.process.wait()
        until(lambda: not [pid for pid in below if command_line(pid)])
    with Served(var) as second:
        assert rows(second, "tests.before_the_end") == 1
        below = descendants(second.process.pid)
        second.process.send_signal(signal.SIGINT)
        assert second.process.wait(PATIENCE_SECONDS) == 0
        assert not [pid for pid in below if command_line(pid)]
    log = postgres.place_of(var).log.read_text()
    assert log.rstrip().endswith("database system is shut down")

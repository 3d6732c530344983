"""A write that breaks, or two writers at once, leave a lake that can be read."""

import subprocess
import sys
import textwrap
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from philoxenia.lake import Lake, Provenance, files

OLD = pl.DataFrame({"id": ["1"], "value": [1.0]})
NEW = pl.DataFrame({"id": ["1", "2"], "value": [1.0, 2.0]})
GIVEN = Provenance("owner", "OGL", "counts", "1.0", "2024-07-01")


@pytest.fixture
def lake(tmp_path):
    store = Lake(tmp_path)
    store.put("counts", OLD, GIVEN)
    return store


def full_disk(*_arguments, **_options):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("owner", "step"),
    [(pq, "write_table"), (files, "flush_to_disk"), (files, "publish"), (files, "claim"), (files.os, "link")],
)
def test_a_write_that_fails_at_any_step_leaves_the_old_table(lake, monkeypatch, owner, step):
    monkeypatch.setattr(owner, step, full_disk)
    with pytest.raises(OSError, match="No space left"):
        lake.put("counts", NEW, GIVEN)
    monkeypatch.undo()
    assert Lake(lake.path).read("counts").equals(OLD)
    assert not list(lake.path.rglob(".unfinished-*"))
    assert lake.put("counts", NEW, GIVEN).number == 2
    assert lake.read("counts").equals(NEW)


def test_half_a_file_on_disk_is_not_a_version(lake, monkeypatch):
    write = pq.write_table

    def half(table, where, **options):
        write(table, where, **options)
        Path(where).write_bytes(Path(where).read_bytes()[:40])
        full_disk()

    monkeypatch.setattr(pq, "write_table", half)
    with pytest.raises(OSError, match="No space left"):
        lake.put("counts", NEW, GIVEN)
    assert [version.number for version in lake.versions("counts")] == [1]
    assert lake.read("counts").equals(OLD)


KILLED = """
    import os, signal, sys
    import polars as pl
    from philoxenia.lake import Lake, Provenance, files

    def die(*arguments):
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(files, sys.argv[2], die)
    frame = pl.DataFrame({"id": ["1", "2"], "value": [1.0, 2.0]})
    Lake(sys.argv[1]).put("counts", frame, Provenance("owner", "OGL", "counts", "1.0", "2024-07-01"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
@pytest.mark.parametrize("step", ["publish", "claim"])
def test_a_writer_that_is_killed_leaves_the_old_table_and_no_lock(lake, step):
    done = run_python(KILLED, str(lake.path), step)
    assert done.wait() == -9
    assert lake.read("counts").equals(OLD)
    assert lake.put("counts", NEW, GIVEN).number == 2
    assert lake.read("counts").equals(NEW)


WRITER = """
    import sys
    import polars as pl
    from philoxenia.lake import Lake, Provenance

    lake = Lake(sys.argv[1])
    for number in range(20):
        frame = pl.DataFrame({"writer": [sys.argv[2]], "number": [number]})
        lake.put("both", frame, Provenance("owner", "OGL", "both", "1.0", "2024-07-01"))
"""


def test_two_writers_at_once_lose_nothing(tmp_path):
    writers = [run_python(WRITER, str(tmp_path), name) for name in ("first", "second")]
    assert [writer.wait() for writer in writers] == [0, 0]
    lake = Lake(tmp_path)
    versions = lake.versions("both")
    assert [version.number for version in versions] == list(range(1, 41))
    written = [lake.read("both", version.number).row(0) for version in versions]
    for name in ("first", "second"):
        assert [number for writer, number in written if writer == name] == list(range(20))


def run_python(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(program), *arguments])

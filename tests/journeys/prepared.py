"""A folder of an application that was started and stopped once: made for these sources, then copied.

Database, tables and packed static files take eight seconds of the processor; a copy takes none.
"""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Not in a folder of pytest's: it closes those to the user as whom a database of root's runs.
KEPT = ROOT / "var" / "tests" / "prepared"


def prepare(var: Path, make: Callable[[Path], None]) -> None:
    """Fill a folder that is not there yet with a copy of what `make` makes in one."""
    kept = KEPT / _mark()
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (kept / "done").is_file():
            for old in KEPT.glob("*/"):
                shutil.rmtree(old, ignore_errors=True)
            make(kept / "var")
            (kept / "done").touch()
        var.parent.mkdir(parents=True, exist_ok=True)
        # With its owners: the database's files belong to a user of their own.
        subprocess.run(["cp", "--archive", str(kept / "var"), str(var)], check=True)


def _mark() -> str:
    """Of everything tables and static files come from: the application's own files."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "src" / "philoxenia_web").rglob("*")):
        if file.suffix != ".pyc" and file.is_file():
            digest.update(f"{file.relative_to(ROOT)} ".encode() + file.read_bytes())
    return digest.hexdigest()[:16]

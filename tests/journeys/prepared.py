"""Folders of applications that were started and stopped once: made for these sources, then copied.

Database, tables and packed static files take twenty seconds of the processor, a demonstration minutes; a
copy takes none, and who has a copy shares nothing with others.
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
# Everything tables and static files come from.
APPLICATION = (ROOT / "src" / "philoxenia_web",)


def prepare(
    var: Path, make: Callable[[Path], None], name: str, of: tuple[Path, ...] = APPLICATION, at: str = ""
) -> None:
    """Fill a folder that is not there yet with a copy of what `make` makes in one, of these sources."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = KEPT / f"{name}-{_mark(of, at)}"
        if not (kept / "done").is_file():
            for old in KEPT.glob(f"{name}-*/"):
                shutil.rmtree(old, ignore_errors=True)
            make(kept / "var")
            (kept / "done").touch()
        var.parent.mkdir(parents=True, exist_ok=True)
        # With its owners: the database's files belong to a user of their own.
        subprocess.run(["cp", "--archive", str(kept / "var"), str(var)], check=True)


def _mark(of: tuple[Path, ...], at: str) -> str:
    digest = hashlib.sha256(at.encode())
    for file in sorted(one for folder in of for one in folder.rglob("*")):
        if file.suffix != ".pyc" and file.is_file():
            digest.update(f"{file.relative_to(ROOT)} ".encode() + file.read_bytes())
    return digest.hexdigest()[:16]

"""The rules of ARCHITECTURE.md that a machine can hold."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINE = ROOT / "src" / "philoxenia"


def tracked(*patterns: str) -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listing.stdout.splitlines() if (ROOT / name).is_file()]


def test_imports_follow_the_layers() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_importing_the_engine_is_cheap_and_brings_no_web_framework() -> None:
    code = (
        "import sys, philoxenia; print([m for m in ('django', 'statsmodels', 'pyspark') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_code_knows_no_city() -> None:
    named = re.compile(r"toronto|scarborough|etobicoke", re.IGNORECASE)
    allowed = {ENGINE / "cli" / "run.py", ENGINE / "cli" / "main.py"}  # the demo names its example
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted(ENGINE.rglob("*.py"))
        if file not in allowed
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if named.search(line)
    ]
    assert found == []


def test_every_capability_says_its_question_method_sources_and_limits() -> None:
    for folder in (
        *("exchange", "lake", "disclosure", "synth", "linkage", "needs", "arrivals", "scenarios"),
        *("valuation", "report", "workflows"),
    ):
        readme = ENGINE / folder / "README.md"
        assert readme.is_file(), f"{folder} has no README.md"
        text = readme.read_text(encoding="utf-8").lower()
        missing = [word for word in ("question", "method", "sources", "limits") if word not in text]
        assert missing == [], f"{folder}/README.md does not speak of {missing}"


def test_public_names_are_few_and_declared() -> None:
    for init in sorted(ENGINE.glob("*/__init__.py")):
        text = init.read_text(encoding="utf-8")
        assert "__all__" in text, f"{init.parent.name} does not list its public names"
        names = re.search(r"__all__ = \[(.*?)\]", text, re.DOTALL)
        assert names and len(re.findall(r'"', names[1])) // 2 <= 10, f"{init.parent.name} has too many names"


def test_lock_files_hold_no_addresses() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name


def test_nothing_tracked_names_a_machine_path() -> None:
    path = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|tmp/\w+)/")
    for file in tracked():
        if file.suffix in {".parquet", ".png", ".svg", ".xlsx", ".zip", ".pdf"} or file == Path(__file__):
            continue
        text = file.read_text(encoding="utf-8", errors="replace")
        assert not path.search(text), f"{file.relative_to(ROOT)} names a machine path"


def test_city_packages_stay_small() -> None:
    for package in sorted((ROOT / "cities").iterdir()):
        size = sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
        assert size <= 8_000_000, f"{package.name} holds {size / 1e6:.1f} MB"


def test_rows_are_locked_so_that_foreign_keys_need_not_wait() -> None:
    """`FOR UPDATE` stops who writes a row that points here, who may hold the lock of the trail meanwhile."""
    held = [
        f"{path}: {line.strip()}"
        for path in tracked("src/philoxenia_web/*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "select_for_update(" in line and "no_key=True" not in line
    ]
    assert held == []

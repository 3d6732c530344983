"""The engine's command line without the application's libraries, and the application's commands with them."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from philoxenia_web.config.backup import kept_apart

WITHOUT = """
import importlib.abc, pkgutil, sys
GONE = {"django", "psycopg", "granian", "procrastinate", "allauth", "ninja", "whitenoise"}
class Gone(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in GONE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Gone())
"""


def without_the_application(code: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", WITHOUT + code], capture_output=True, text=True, check=False)


def test_every_module_of_the_engine_is_imported_without_a_web_framework() -> None:
    done = without_the_application(
        "import philoxenia\n"
        "for found in pkgutil.walk_packages(philoxenia.__path__, 'philoxenia.'):\n"
        "    if not found.name.endswith('__main__') and '.plain_spark' not in found.name:\n"
        "        __import__(found.name)\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] == 'philoxenia_web'))"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", ["serve", "backup", "restore", "web"])
def test_a_command_of_the_application_says_how_to_get_it(command: str) -> None:
    done = without_the_application(f"from philoxenia.cli import main; sys.exit(main([{command!r}]))")
    assert done.returncode == 2
    assert "pip install 'philoxenia[web]'" in done.stderr and "Traceback" not in done.stderr


def test_the_demo_is_the_report_where_the_application_is_missing() -> None:
    done = without_the_application("from philoxenia.cli import main; main(['demo', '--help'])")
    assert "--no-serve" in done.stdout and "--port" not in done.stdout


def test_the_overview_names_every_command_without_loading_any() -> None:
    code = """
import sys
from philoxenia.cli import main
try:
    main(["--help"])
except SystemExit:
    print([name for name in ("django", "granian", "polars") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "serve" in done.stdout and done.stdout.rstrip().endswith("[]")


def test_a_backup_says_which_keys_nobody_can_do_without() -> None:
    known = SimpleNamespace(keys=Path("/somewhere/keys"), registry_keys=("one",))
    told = " ".join(kept_apart(known, {"residents": 1_000_000, "agreements": 0}))  # type: ignore[arg-type]
    assert "/somewhere/keys" in told and "PHILOXENIA_REGISTRY_KEYS" in told
    assert "1,000,000 records of residents" in told

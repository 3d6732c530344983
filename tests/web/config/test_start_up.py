"""What the web process holds before its first visitor."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = {"splink", "sqlglot", "numba", "scipy", "pyspark", "tantivy", "statsmodels", "sklearn"}
LOADED = (
    "import sys; from philoxenia_web.config import wsgi; print(*{one.split('.')[0] for one in sys.modules})"
)


def test_solvers_and_compilers_are_loaded_only_where_they_are_used(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PHILOXENIA_")}
    environment = kept | {
        "PHILOXENIA_VAR": str(tmp_path),
        "PHILOXENIA_SECRET_KEY": "for this test alone",
        "DJANGO_SETTINGS_MODULE": "philoxenia_web.config.settings",
    }
    said = subprocess.run(
        [sys.executable, "-c", LOADED], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "django" in said.split()
    assert HEAVY & set(said.split()) == set()

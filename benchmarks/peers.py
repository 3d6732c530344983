"""The interpreter of a peer that needs libraries of its own, in an environment that is made once."""

import subprocess
import sys
from pathlib import Path


def peer_python(environment: Path, *packages: str) -> Path:
    """The interpreter of `environment`, which is made with `packages` where it is missing."""
    python = environment / "bin" / "python"
    if not python.exists():
        print(f"Making {environment.name} with {', '.join(packages)} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python

"""Runs every benchmark one after another, each in a process of its own, and says which failed.

Usage: python benchmarks/run_all.py [NAME ...]
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BENCHMARKS = (
    "contracts",
    "reach",
    "forecasts",
    "load",
    "boxes",
    "run",
    "synth",
    "overlap",
    "profile",
    "release",
    "edition",
    "pages",
)


def main(names: list[str]) -> int:
    failed = []
    for name in names or BENCHMARKS:
        print(f"\n== {name} ==", flush=True)
        if subprocess.run([sys.executable, FOLDER / f"{name}.py"], check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

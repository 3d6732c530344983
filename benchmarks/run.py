"""The whole run of the example city in a fresh process: seconds and memory, against the bounds it promises.

There is no peer that does this job; the bounds are 60 s and 2 GiB on two cores.

Usage: python benchmarks/run.py [CITY]
"""

import resource
import subprocess
import sys
import tempfile
import time

SECONDS, MEBIBYTES = 60.0, 2048.0


def main(city: str) -> int:
    with tempfile.TemporaryDirectory() as out:
        start = time.perf_counter()
        command = [sys.executable, "-m", "philoxenia", "run", city, "--out", out]
        code = subprocess.run(command, check=False).returncode
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"run {city}: {seconds:.1f} s ({seconds / SECONDS:.2f} of the bound), ", end="")
    print(f"{peak:.0f} MiB at the peak ({peak / MEBIBYTES:.2f} of the bound)")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "cities/toronto"))

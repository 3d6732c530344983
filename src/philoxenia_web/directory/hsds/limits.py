"""How often one address may ask in a minute. Counted in the memory of each process, and forgotten: nothing is
kept of who asked.
"""

import threading
import time
from collections import Counter

from philoxenia_web.directory.hsds.problems import Problem

WINDOW_SECONDS = 60
# Of each process; a harvester that pages through everything stays below it.
REQUESTS_PER_MINUTE = 600
# More addresses than this in a minute: the counts begin anew rather than fill the memory.
_MOST_ADDRESSES = 50_000


class Limiter:
    """Counts requests of the present minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def count(self, address: str, weight: int = 1) -> int:
        """Count a request; how many are left. Raises a 429 when it was one too many."""
        now = time.time()
        minute = int(now // WINDOW_SECONDS)
        with self._lock:
            if minute != self._minute or len(self._counts) > _MOST_ADDRESSES:
                self._minute, self._counts = minute, Counter()
            self._counts[address] += weight
            used = self._counts[address]
        if used > REQUESTS_PER_MINUTE:
            seconds = max(1, round((minute + 1) * WINDOW_SECONDS - now))
            detail = (
                f"At most {REQUESTS_PER_MINUTE} requests a minute. The bulk package holds everything at once."
            )
            raise Problem(429, "Too many requests", detail, retry_after=seconds)
        return REQUESTS_PER_MINUTE - used


limiter = Limiter()

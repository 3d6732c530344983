"""How often one address may ask in a minute. Counted in the memory of each process, and forgotten: nothing is
kept of who asked.
"""

import threading
import time
from collections import Counter

from django.conf import settings

from philoxenia_web.directory.hsds.problems import Problem

WINDOW_SECONDS = 60
# More addresses than this in a minute: the counts begin anew rather than fill the memory.
_MOST_ADDRESSES = 50_000


def limit() -> int:
    """Requests a minute of one address at each process, as the city has set them for programs."""
    return int(settings.ENVIRONMENT.api_requests_per_minute)


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
        most = limit()
        if used > most:
            seconds = max(1, round((minute + 1) * WINDOW_SECONDS - now))
            detail = f"At most {most} requests a minute. The bulk package holds everything at once."
            raise Problem(429, "Too many requests", detail, retry_after=seconds)
        return most - used


limiter = Limiter()

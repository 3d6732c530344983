"""How often one may ask. Counted in PostgreSQL, so that all processes count together."""

import time
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from philoxenia_web.api.problems import Problem

WINDOW_SECONDS = 60

_COUNT = """
insert into api_requestcount as c (subject, minute, count) values (%s, %s, 1)
on conflict (subject) do update set
    count = case when c.minute = excluded.minute then c.count + 1 else 1 end,
    minute = excluded.minute
returning count
"""


@dataclass(frozen=True)
class Allowance:
    """What is left in this minute."""

    limit: int
    used: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As the draft of the RateLimit header fields writes them."""
        left = max(0, self.limit - self.used)
        return {
            "RateLimit-Policy": f'"minute";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"minute";r={left};t={self.seconds}',
        }


def count_request(subject: str, limit: int | None = None) -> Allowance:
    """Count one request of this subject; a `Problem` when it was one too many."""
    now = time.time()
    minute = int(now // WINDOW_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [subject, minute])
        used = cursor.fetchone()[0]
    seconds = max(1, round((minute + 1) * WINDOW_SECONDS - now))
    allowance = Allowance(limit or settings.ENVIRONMENT.api_requests_per_minute, used, seconds)
    if used > allowance.limit:
        raise Problem("too-many-requests", headers={"Retry-After": str(seconds), **allowance.headers})
    return allowance

"""What was worked out for a list, kept in the memory of a process while the directory does not change."""

import threading
from collections import OrderedDict
from typing import Generic, TypeVar

from django.db import connection

from philoxenia_web.directory.queries import last_change

_MOST = 2000
Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values by a key, those asked for longest ago forgotten first."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...]) -> Value | None:
        """What is known, None where nothing is."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def put(self, key: tuple[object, ...], value: Value) -> None:
        """Keep a value."""
        with self._lock:
            self._known[key] = value
            while len(self._known) > _MOST:
                self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._known.clear()


def now() -> tuple[object, ...]:
    """The state of the directory a value belongs to."""
    return (connection.settings_dict["NAME"], last_change())

"""Files of forms that may not lie on a disk in the clear: they stay in memory, or are sealed as they come."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from philoxenia_web.ui.pieces import AROUND_BYTES

View = Callable[..., HttpResponse]


class Forgetting(Protocol):
    """A handler that deletes, once the view has answered, what nobody took."""

    def forget(self) -> None:
        """Called at the end of every request, also of one that failed."""


class InMemory(MemoryFileUploadHandler):
    """Keeps every file in memory; `largest_request` of the view bounds it before anything is read."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Whatever its size."""
        super().handle_raw_input(*args, **kwargs)
        self.activated = True

    def forget(self) -> None:
        """Nothing is left."""


def handled_by(make: Callable[..., Forgetting], most_bytes: int) -> Callable[[View], View]:
    """Give a view's files to the handler that `make` returns for its request, up to so many bytes.

    The handler must stand before anything reads the form, the form's token included: that is looked for
    within.
    """

    def decorated(view: View) -> View:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            handler = make(request, *args, **kwargs)
            request.upload_handlers = [handler]  # type: ignore[list-item]
            try:
                return protected(request, *args, **kwargs)
            finally:
                handler.forget()

        answer.largest_request = most_bytes + AROUND_BYTES  # type: ignore[attr-defined]
        return answer

    return decorated


def kept_in_memory(most_bytes: int) -> Callable[[View], View]:
    """Files about people: a temporary file would lie on the disk in the clear."""
    return handled_by(lambda request, *_args, **_kwargs: InMemory(request), most_bytes)

"""A person's record as a download."""

from django.http import HttpResponse


def download(content: bytes) -> HttpResponse:
    """A zip whose name tells nothing."""
    told = {"Content-Disposition": 'attachment; filename="record.zip"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/zip", headers=told)

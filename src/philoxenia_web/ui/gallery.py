"""Every component in every state, as living documentation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from philoxenia_web.ui.tables import Column, Table


def show(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    table = Table(
        "places",
        [
            Column("name", "Name", kind="name", filter=True),
            Column("people", "People", kind="number"),
            Column("share", "Share", kind="percent"),
            Column("gap", "Beds short", kind="interval"),
            Column(
                "state",
                "State",
                kind="status",
                filter=True,
                choices={"ok": "Ready", "bad": "Refused"},
                signs={"ok": "success", "bad": "problem"},
            ),
            Column("at", "Month", kind="month"),
        ],
        [
            {
                "name": f"District {n}",
                "people": n * 1234.5,
                "share": n / 60,
                "gap": (n * 10, n * 7, n * 15),
                "state": "ok" if n % 3 else "bad",
                "at": f"2025-{n % 12 + 1:02d}",
                "href": f"#d{n}",
            }
            for n in range(1, 58)
        ],
        request,
        caption="Districts and what is known of them",
    )
    if table.wants_export:
        return table.export()
    return render(request, "ui/gallery.html", {"table": table})

"""Addresses under /front/rights/."""

from django.urls import URLPattern, path

from philoxenia_web.registry.rights.views import imports, people, requests, retention, speakers

_PERSON = "people/<uuid:resident_id>"

urlpatterns: list[URLPattern] = [
    path("", requests.waiting, name="rights"),
    path("requests/<uuid:request_id>/", requests.one, name="rights-request"),
    path(f"{_PERSON}/", people.person, name="rights-person"),
    path(f"{_PERSON}/agreements/<slug:code>/", people.agree, name="rights-agree"),
    path(f"{_PERSON}/speakers/", speakers.board, name="rights-speakers"),
    path(f"{_PERSON}/slip/", people.slip, name="rights-slip"),
    path("slips/<uuid:slip_id>/end/", people.end_slip, name="rights-slip-end"),
    path(f"{_PERSON}/ask/", people.ask, name="rights-ask"),
    path(f"{_PERSON}/readings/", people.readings, name="rights-readings"),
    path(f"{_PERSON}/take-along/", people.take_along, name="rights-take-along"),
    path(f"{_PERSON}/erase/", people.erase, name="rights-erase"),
    path("imports/", imports.imports, name="rights-imports"),
    path("imports/<uuid:batch_id>/", imports.one, name="rights-import"),
    path("imports/rows/<uuid:row_id>/", imports.row, name="rights-import-row"),
    path("retention/", retention.board, name="rights-retention"),
]

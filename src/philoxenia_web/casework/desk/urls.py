"""Addresses under /front/. They carry ids that mean nothing; no name, number or birth date."""

from django.urls import URLPattern, path

from philoxenia_web.casework.desk.views import (
    caseload,
    cases,
    documents,
    joining,
    people,
    searching,
    services,
)

_PERSON = "people/<uuid:resident_id>"
_CASE = "cases/<uuid:case_id>"

urlpatterns: list[URLPattern] = [
    path("", searching.front, name="front"),
    path("find/", searching.find_people, name="front-find"),
    path("caseload/", caseload.caseload, name="front-caseload"),
    path("joined/", joining.joined, name="front-joined"),
    path("people/new/", people.new_person, name="front-new"),
    path(f"{_PERSON}/", people.person, name="front-person"),
    path(f"{_PERSON}/edit/", people.edit_person, name="front-person-edit"),
    path(f"{_PERSON}/household/", people.member, name="front-member"),
    path(f"{_PERSON}/household/leave/", people.leave_household, name="front-member-leave"),
    path(f"{_PERSON}/same/", joining.same_person, name="front-same"),
    path(f"{_PERSON}/same/<uuid:other_id>/", joining.both, name="front-same-look"),
    path(f"{_PERSON}/case/", people.open_one, name="front-case-open"),
    path(f"{_CASE}/step/", cases.step_case, name="front-case-step"),
    path(f"{_CASE}/documents/", documents.add_document, name="front-document-add"),
    path(f"{_CASE}/add/<slug:what>/", cases.add, name="front-add"),
    path(f"{_CASE}/services/", services.choose, name="front-services"),
    path("step/<slug:what>/<uuid:row_id>/", cases.step, name="front-step"),
    path("documents/<uuid:document_id>/", documents.document, name="front-document"),
    path("documents/<uuid:document_id>/delete/", documents.drop_document, name="front-document-delete"),
]

"""Addresses under /directory/."""

from django.urls import URLPattern, path

from philoxenia_web.directory.staff.views import (
    doubles,
    editing,
    feedback,
    fresh,
    importing,
    links,
    organizations,
    services,
    translations,
)

_SERVICE = "services/<uuid:service_id>"
_ORGANIZATION = "organisations/<uuid:organization_id>"

urlpatterns: list[URLPattern] = [
    path("", services.services, name="directory"),
    path(f"{_SERVICE}/", services.service, name="directory-service"),
    path(f"{_SERVICE}/edit/", editing.edit_service, name="directory-service-edit"),
    path(f"{_SERVICE}/withdraw/", services.withdraw, name="directory-service-withdraw"),
    path(f"{_SERVICE}/confidential/", services.conceal, name="directory-service-conceal"),
    path(f"{_SERVICE}/checked/", services.confirm, name="directory-service-checked"),
    path(f"{_SERVICE}/places/new/", editing.new_place, name="directory-place-new"),
    path("places/<uuid:location_id>/edit/", editing.edit_place, name="directory-place-edit"),
    path("organisations/", organizations.organizations, name="directory-organizations"),
    path("organisations/new/", editing.new_organization, name="directory-organization-new"),
    path(f"{_ORGANIZATION}/", organizations.organization, name="directory-organization"),
    path(f"{_ORGANIZATION}/edit/", editing.edit_organization, name="directory-organization-edit"),
    path(f"{_ORGANIZATION}/member/", organizations.set_member, name="directory-organization-member"),
    path(f"{_ORGANIZATION}/services/new/", editing.new_service, name="directory-service-new"),
    path("fresh/", fresh.fresh, name="directory-fresh"),
    path("fresh/<uuid:organization_id>/", fresh.ask, name="directory-ask"),
    path("fresh/links/<uuid:link_id>/end/", fresh.end_link, name="directory-link-end"),
    path("proposals/", fresh.proposals, name="directory-proposals"),
    path("proposals/<uuid:proposal_id>/", fresh.proposal, name="directory-proposal"),
    path(f"{_SERVICE}/translate/", translations.choose, name="directory-service-translate"),
    path("translations/", translations.board, name="directory-translations"),
    path("translations/<slug:language>/", translations.language, name="directory-language"),
    path(f"translations/<slug:language>/{_SERVICE}/", translations.translate, name="directory-translate"),
    path(
        f"translations/<slug:language>/{_SERVICE}/draft/",
        translations.draft,
        name="directory-translate-draft",
    ),
    path("links/", links.links, name="directory-links"),
    path("links/check/", links.check_now, name="directory-links-check"),
    path("doubles/", doubles.doubles, name="directory-doubles"),
    path("doubles/find/", doubles.find, name="directory-doubles-find"),
    path("doubles/<uuid:pair_id>/", doubles.double, name="directory-double"),
    path("feedback/", feedback.feedback, name="directory-feedback"),
    path("feedback/<uuid:feedback_id>/", feedback.message, name="directory-feedback-one"),
    path("import/", importing.imports, name="directory-import"),
    path("import/<uuid:staged_id>/", importing.report, name="directory-import-report"),
]

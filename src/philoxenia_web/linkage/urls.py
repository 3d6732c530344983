"""Addresses of the linkage app."""

from django.urls import URLPattern, URLResolver, include, path

from philoxenia_web.linkage.views import agreements, checks, lists

_AGREEMENT = "<uuid:agreement_id>/"
_LISTS = _AGREEMENT + "lists/"
_LIST = _LISTS + "<uuid:list_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", agreements.agreements, name="linkage"),
    path("new/", agreements.new, name="linkage-new"),
    path(_AGREEMENT, agreements.agreement, name="linkage-agreement"),
    path(_AGREEMENT + "sign/", agreements.sign, name="linkage-sign"),
    path(_AGREEMENT + "extend/", agreements.extend, name="linkage-extend"),
    path(_AGREEMENT + "unlink/", agreements.unlink, name="linkage-unlink"),
    path(_LISTS, lists.hand_in, name="linkage-lists"),
    path(_LISTS + "uploads/", lists.begin, name="linkage-list-begin"),
    path(_LIST, checks.check, name="linkage-list"),
    path(_LIST + "piece/", lists.piece, name="linkage-list-piece"),
    path(_LIST + "finish/", lists.finish, name="linkage-list-finish"),
    path(_LIST + "give-up/", lists.give_up, name="linkage-list-give-up"),
    path(_LIST + "choose/", checks.choose, name="linkage-list-choose"),
    path(_LIST + "columns/", checks.map_columns, name="linkage-list-columns"),
    path(_LIST + "not-status/", checks.declare_not_status, name="linkage-list-not-status"),
    path(_LIST + "accept/", checks.accept, name="linkage-list-accept"),
    path(_LIST + "withdraw/", checks.withdraw, name="linkage-list-withdraw"),
    path(_AGREEMENT + "runs/", include("philoxenia_web.linkage.runs.urls")),
    path(_AGREEMENT + "review/", include("philoxenia_web.linkage.review.urls")),
]

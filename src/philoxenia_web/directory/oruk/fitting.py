"""Records as the Open Referral UK profile has them: those of HSDS, with what it requires and renames.

Facts of github.com/OpenReferralUK/uk-profile: a service has an address on the web, a term is called `term`, a
service area `service_area`, a way in `accessibility`.
"""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

# Names of the profile for fields of HSDS, by where rows of the kind stand.
_ALSO = {
    "taxonomy_term": ("name", "term"),
    "service_areas": ("name", "service_area"),
    "accessibility": ("description", "accessibility"),
}


def services(request: HttpRequest, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Services; those without an address of their own get that of their record here."""
    for one in made:
        _service(request, one)
        _rename(one)
    return made


def services_at(request: HttpRequest, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Services at places."""
    for one in made:
        _service(request, one["service"])
        _rename(one)
    return made


def terms(_request: HttpRequest, made: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Terms, each with the name of its list."""
    for one in made:
        _rename({"taxonomy_term": one})
    return made


def _service(request: HttpRequest, one: dict[str, Any]) -> None:
    if not one.get("url"):
        one["url"] = request.build_absolute_uri(reverse("hsds-service", args=[one["id"]]))


def _rename(value: Any, under: str = "") -> None:
    """The whole record, however deep."""
    if isinstance(value, list):
        for one in value:
            _rename(one, under)
    elif isinstance(value, dict):
        old, new = _ALSO.get(under, ("", ""))
        if old:
            value[new] = value.get(old, "")
        if under == "taxonomy_term":
            value.setdefault("taxonomy", (value.get("taxonomy_detail") or {}).get("name", ""))
        for name, one in list(value.items()):
            _rename(one, name)

"""Services as schema.org describes them, for search engines that read pages.

https://schema.org/GovernmentService and its neighbours; days and hours as OpeningHoursSpecification.
"""

import json
from typing import Any

from philoxenia_web.directory.shown import ShownPhone, ShownPlace, ShownService

_DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday", "SA": "Saturday",
    "SU": "Sunday",
}  # fmt: skip
# What would end the element of a page that it stands in.
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def json_ld(shown: ShownService, address: str) -> dict[str, Any]:
    """A service; `address` is that of its page. A confidential one has no place in it."""
    said = {
        "@context": "https://schema.org",
        "@type": "Service",
        "@id": address,
        "url": address,
        "sameAs": shown.url,
        "name": shown.name.text,
        "alternateName": shown.alternate_name.text if shown.alternate_name else "",
        "description": shown.description.text if shown.description else "",
        "inLanguage": shown.name.language,
        "provider": {"@type": "Organization", "name": shown.organisation.text},
        "isAccessibleForFree": shown.free,
        "serviceType": [term.text for _, _, term in shown.terms],
        "availableLanguage": shown.languages,
        "availableChannel": _channels(shown),
        "hoursAvailable": _hours(shown.schedules),
        "audience": _audience(shown),
        "dateModified": shown.checked_on.isoformat() if shown.checked_on else "",
    }
    return _told(said)


def element(shown: ShownService, address: str) -> str:
    """The text of a page's `<script type="application/ld+json">`: data, which no page runs."""
    text = json.dumps(json_ld(shown, address), ensure_ascii=False)
    for sign, escaped in _ESCAPED.items():
        text = text.replace(sign, escaped)
    return text


def _channels(shown: ShownService) -> list[dict[str, Any]]:
    """Each way to the service: a place, or numbers alone."""
    places = [_told({"@type": "ServiceChannel", "serviceLocation": _place(one)}) for one in shown.places]
    phones = [_told({"@type": "ServiceChannel", "servicePhone": _phone(one)}) for one in shown.phones]
    return [*places, *phones]


def _place(place: ShownPlace) -> dict[str, Any]:
    point = None
    if place.latitude is not None and place.longitude is not None:
        point = {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
    return _told(
        {
            "@type": "Place",
            "name": place.name.text if place.name else "",
            "address": _told(
                {
                    "@type": "PostalAddress",
                    "streetAddress": place.address[0] if place.address else "",
                    "addressLocality": place.city,
                    "postalCode": place.postal_code,
                }
            ),
            "geo": point,
            "telephone": place.phones[0].number if place.phones else "",
            "openingHoursSpecification": _hours(place.schedules),
        }
    )


def _phone(phone: ShownPhone) -> dict[str, Any]:
    said = {"@type": "ContactPoint", "telephone": phone.number, "availableLanguage": phone.languages}
    return _told(said)


def _hours(schedules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows that come back every week; what is rarer schema.org has no words for."""
    made = []
    for row in schedules:
        weekly = row.get("freq") == "WEEKLY" and row.get("interval", 1) in (None, 1)
        days = [_DAYS[day] for day in str(row.get("byday", "")).split(",") if day in _DAYS]
        if weekly and days and row.get("opens_at") and row.get("closes_at"):
            made.append(_told(_week(row, days)))
    return made


def _week(row: dict[str, Any], days: list[str]) -> dict[str, Any]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": days,
        "opens": row["opens_at"],
        "closes": row["closes_at"],
        "validFrom": row.get("valid_from"),
        "validThrough": row.get("valid_to"),
    }


def _audience(shown: ShownService) -> dict[str, Any] | None:
    if shown.minimum_age is None and shown.maximum_age is None and shown.eligibility is None:
        return None
    said = {
        "@type": "PeopleAudience",
        "name": shown.eligibility.text if shown.eligibility else "",
        "suggestedMinAge": shown.minimum_age,
        "suggestedMaxAge": shown.maximum_age,
    }
    return _told(said)


def _told(said: dict[str, Any]) -> dict[str, Any]:
    """Without what nothing is known of; false and 0 are known."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}

"""Records put together for showing: each table is read once for all services asked for."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from philoxenia_web.directory.rows import Row, by_any_parent, by_id, by_parent, select
from philoxenia_web.directory.shown import (
    ShownLocation,
    ShownOrganisation,
    ShownPhone,
    ShownPlace,
    ShownService,
    Text,
)
from philoxenia_web.directory.texts import Texts

_ADDRESS = ("address_1", "address_2", "city", "region", "state_province", "postal_code")
_SCHEDULE = (
    *("valid_from", "valid_to", "dtstart", "timezone", "until", "count", "wkst", "freq", "interval"),
    *("byday", "byweekno", "bymonthday", "byyearday", "opens_at", "closes_at", "schedule_link"),
    "attending_type",
)
# Fewer of a kind than this is not a list that anybody reads on a phone, more would be a fault of the source.
_MOST = 200


def services(ids: Sequence[UUID], language: str) -> list[ShownService]:
    """Services in the order of their ids; each must be one that may be shown."""
    if not ids:
        return []
    read = _Read(ids)
    texts = Texts(language, read.ids_with_texts())
    return [_Maker(read, texts, read.services[one]).service() for one in ids if one in read.services]


def organisation(organisation_id: UUID, language: str, is_shown: str) -> ShownOrganisation | None:
    """An organisation, with services by a condition on their table."""
    row = by_id("organization", [organisation_id]).get(organisation_id)
    if row is None or row["withheld"]:
        return None
    phones = by_parent("phone", "organization_id", [organisation_id])[organisation_id]
    spoken = by_parent("language", "phone_id", [one["id"] for one in phones])
    texts = Texts(language, [organisation_id, *(one["id"] for one in phones)])
    original = row["text_language"]
    return ShownOrganisation(
        id=str(row["id"]),
        name=texts.given(row, "name", original),
        alternate_name=texts.of(row, "alternate_name", original),
        description=texts.of(row, "description", original),
        email=row["email"],
        website=row["website"],
        phones=[_phone(one, spoken, texts, original) for one in phones[:_MOST]],
        service_ids=_service_ids("organization_id = %s", organisation_id, is_shown),
        source=row["source"],
        licence=row["licence"],
    )


def place(place_id: UUID, language: str, is_shown: str) -> ShownLocation | None:
    """A place, with services by a condition on their table."""
    row = by_id("location", [place_id]).get(place_id)
    there = "id in (select service_id from directory_service_at_location where location_id = %s)"
    ids = _service_ids(there, place_id, is_shown) if row and not row["confidential"] else []
    if row is None or not ids:
        return None
    read = _Places([place_id], [])
    texts = Texts(language, read.ids_with_texts())
    return ShownLocation(read.place(row, None, texts), ids, row["source"], row["licence"])


def _service_ids(where: str, value: UUID, is_shown: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"select id from directory_service where {where} and {is_shown} order by name, id",  # noqa: S608
            [value],
        )
        return [str(one) for (one,) in cursor.fetchall()]


class _Places:
    """Places and all that hangs on them, with services at them."""

    def __init__(self, place_ids: Iterable[UUID], there_ids: Iterable[UUID]) -> None:
        places, there = list(place_ids), list(there_ids)
        self.locations = {
            one: row for one, row in by_id("location", places).items() if not row["confidential"]
        }
        self.addresses = by_parent("address", "location_id", places)
        self.accessibility = by_parent("accessibility", "location_id", places)
        both = {"location_id": places, "service_at_location_id": there}
        self.schedules = by_any_parent("schedule", both)
        self.phones = by_any_parent("phone", both)
        self.spoken = by_parent("language", "phone_id", _ids_of(self.phones))

    def ids_with_texts(self) -> list[UUID]:
        """Records whose words may be translated."""
        rows = (self.accessibility, self.schedules, self.phones)
        return [*self.locations, *(one for grouped in rows for one in _ids_of(grouped))]

    def place(self, row: Row, there: Row | None, texts: Texts) -> ShownPlace:
        """A place, with the hours and numbers of a service there where it has its own."""
        key, original = row["id"], row["text_language"]
        own = there["id"] if there else None
        address = _physical(self.addresses[key])
        hours = (self.schedules[own] if own else []) or self.schedules[key]
        phones = [*(self.phones[own] if own else []), *self.phones[key]]
        ways = [texts.of(one, "description", original) for one in self.accessibility[key]]
        return ShownPlace(
            id=str(key),
            name=texts.of(row, "name", original),
            address=[address[name] for name in _ADDRESS if address.get(name)],
            city=address.get("city", ""),
            postal_code=address.get("postal_code", ""),
            district_id=row["district_id"],
            latitude=row["latitude"],
            longitude=row["longitude"],
            schedules=[_schedule(one, texts, original) for one in hours[:_MOST]],
            phones=[_phone(one, self.spoken, texts, original) for one in phones[:_MOST]],
            wheelchair=row["wheelchair"],
            accessibility=[one for one in ways if one],
            transport=texts.of(row, "transportation", original),
        )


class _Read(_Places):
    """Everything of some services: a fixed number of queries."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        self.services = by_id("service", ids)
        self.organisations = by_id("organization", (one["organization_id"] for one in self.services.values()))
        self.there = by_parent("service_at_location", "service_id", ids)
        there = [one for grouped in self.there.values() for one in grouped]
        super().__init__({one["location_id"] for one in there}, [one["id"] for one in there])
        own = by_parent("schedule", "service_id", ids)
        self.own_schedules = {one: rows for one, rows in own.items() if rows}
        self.own_phones = by_parent("phone", "service_id", ids)
        bodies = list(self.organisations)
        self.main_phones = by_parent("phone", "organization_id", bodies)
        self.spoken |= by_parent(
            "language", "phone_id", [*_ids_of(self.own_phones), *_ids_of(self.main_phones)]
        )
        self.languages = by_parent("language", "service_id", ids)
        self.costs = by_parent("cost_option", "service_id", ids)
        self.documents = by_parent("required_document", "service_id", ids)
        self.terms = _terms(ids)

    def ids_with_texts(self) -> list[UUID]:
        """Records whose words may be translated."""
        rows = (self.own_schedules, self.own_phones, self.main_phones, self.costs, self.documents, self.terms)
        below = (one for grouped in rows for one in _ids_of(grouped))
        return [*super().ids_with_texts(), *self.services, *self.organisations, *below]


class _Maker:
    """One service out of what was read."""

    def __init__(self, read: _Read, texts: Texts, row: Row) -> None:
        self.read, self.texts, self.row = read, texts, row
        self.original = row["text_language"]

    def service(self) -> ShownService:
        """As it is shown."""
        row, key, say = self.row, self.row["id"], self._say
        return ShownService(
            id=str(key),
            version=row["version"],
            name=self.texts.given(row, "name", self.original),
            alternate_name=say("alternate_name"),
            organisation_id=str(row["organization_id"] or ""),
            organisation=self._organisation(),
            description=say("description"),
            url=row["url"],
            email=row["email"],
            status=row["status"],
            alert=say("alert"),
            phones=self._phones(),
            languages=[one["code"] or one["name"] for one in self.read.languages[key]],
            interpretation=say("interpretation_services"),
            free=row["free"],
            costs=self._costs(),
            eligibility=say("eligibility_description"),
            rule=row["eligibility_rule"],
            minimum_age=row["minimum_age"],
            maximum_age=row["maximum_age"],
            documents=self._each(self.read.documents[key], "document"),
            application=say("application_process"),
            wait=say("wait_time"),
            places=[] if row["confidential"] else self._places(),
            schedules=[
                _schedule(one, self.texts, self.original) for one in self.read.own_schedules.get(key, [])
            ],
            terms=[
                (one["taxonomy_name"], one["code"], self.texts.given(one, "name", one["language"]))
                for one in self.read.terms.get(key, [])
            ],
            **{name: row[name] for name in _AS_STORED},
            status_statement=say("status_statement"),
        )

    def _say(self, field: str) -> Text | None:
        return self.texts.of(self.row, field, self.original)

    def _each(self, rows: list[Row], field: str) -> list[Text]:
        said = (self.texts.of(one, field, self.original) for one in rows)
        return [one for one in said if one]

    def _organisation(self) -> Text:
        row = self.read.organisations.get(self.row["organization_id"])
        if row is None or row["withheld"]:
            return Text("", self.original)
        return self.texts.given(row, "name", row["text_language"])

    def _phones(self) -> list[ShownPhone]:
        """Numbers of the service; of its organisation where it has none."""
        own = self.read.own_phones[self.row["id"]] or self.read.main_phones[self.row["organization_id"]]
        return [_phone(one, self.read.spoken, self.texts, self.original) for one in own[:_MOST]]

    def _costs(self) -> list[Text]:
        priced = [_price(one, self.texts, self.original) for one in self.read.costs[self.row["id"]]]
        told = self._say("fees_description") or self._say("fees")
        return [one for one in (told, *priced) if one]

    def _places(self) -> list[ShownPlace]:
        there = self.read.there[self.row["id"]]
        found = [(self.read.locations.get(one["location_id"]), one) for one in there]
        return [self.read.place(row, one, self.texts) for row, one in found if row is not None]


_AS_STORED = (
    *("asks_status", "safe_without_papers", "needs", "confidential"),
    *("checked_on", "checked_by", "source", "source_url", "source_date", "licence", "synthetic"),
)


def _terms(ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Terms by service, in the order of their codes."""
    links = select("attribute", "link_id = any(%s) and taxonomy_term_id is not null", [list(ids)])
    terms = by_id("taxonomy_term", (one["taxonomy_term_id"] for one in links))
    named = by_id("taxonomy", (one["taxonomy_id"] for one in terms.values()))
    grouped: dict[UUID, list[Row]] = {}
    for one in links:
        term = terms[one["taxonomy_term_id"]]
        of = named.get(term["taxonomy_id"])
        full = term | {"taxonomy_name": term["taxonomy_name"] or (of["name"] if of else "")}
        grouped.setdefault(one["link_id"], []).append(full)
    for rows in grouped.values():
        rows.sort(key=lambda one: (one["taxonomy_name"], one["code"], one["name"]))
    return grouped


def _ids_of(grouped: dict[UUID, list[Row]]) -> list[UUID]:
    return [one["id"] for rows in grouped.values() for one in rows]


def _physical(addresses: list[Row]) -> Row:
    """Where people go, rather than letters."""
    there = [one for one in addresses if one["address_type"] == "physical"] or addresses
    return there[0] if there else {}


def _phone(row: Row, spoken: dict[UUID, list[Row]], texts: Texts, original: str) -> ShownPhone:
    languages = [one["code"] or one["name"] for one in spoken.get(row["id"], [])]
    told = texts.of(row, "description", original)
    return ShownPhone(row["number"], row["extension"], row["type"], told, languages)


def _schedule(row: Row, texts: Texts, original: str) -> dict[str, Any]:
    """A row of HSDS: days as ISO text, nothing that is empty, words in the language asked for."""
    kept = {name: _iso(row[name]) for name in _SCHEDULE if row[name] not in ("", None)}
    words = {name: texts.of(row, name, original) for name in ("description", "notes")}
    return kept | {name: one.text for name, one in words.items() if one}


def _price(row: Row, texts: Texts, original: str) -> Text | None:
    """ "Under 18: 5 CAD per visit", in the words of the source."""
    option = texts.of(row, "option", original)
    amount = "" if row["amount"] is None else f"{row['amount']:g} {row['currency'].upper()}".strip()
    per = texts.of(row, "amount_description", original)
    parts = [one for one in (amount, per.text if per else "") if one]
    words = ": ".join(one for one in (option.text if option else "", " ".join(parts)) if one)
    telling = option or per
    if not words:
        return None
    return Text(words, telling.language, telling.status) if telling else Text(words, original)


def _iso(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

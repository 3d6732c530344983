"""A service at a place, under a term, for the addresses of single records."""

from typing import Any

from philoxenia_web.directory import models as m


def world(organisation: Any, people: Any) -> dict[str, Any]:
    """One record of each kind."""
    body = m.Organization.objects.create(name="Library", member=organisation)
    service = m.Service.objects.create(name="Lessons", organization=body)
    place = m.Location.objects.create(name="Main branch", organization=body)
    there = m.ServiceAtLocation.objects.create(service=service, location=place)
    taxonomy = m.Taxonomy.objects.create(name="Needs")
    term = m.TaxonomyTerm.objects.create(name="Learning", taxonomy=taxonomy)
    records = {
        "service": service,
        "organization": body,
        "taxonomy": taxonomy,
        "taxonomy-term": term,
        "service-at-location": there,
    }
    return {
        f"{base}-{name}": ({"key": record.pk}, {})
        for base in ("hsds", "oruk")
        for name, record in records.items()
    }

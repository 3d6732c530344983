"""An agreement in force with lists of made-up people, sealed as if departments had handed them in."""

import io
from datetime import timedelta
from random import Random
from typing import Any
from uuid import uuid4

import polars as pl
from django.utils import timezone

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.linkage.models import Agreement, Party
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry import queries as lists
from philoxenia_web.registry.models import PersonList
from philoxenia_web.registry.sealing import seal_file
from philoxenia_web.registry.stores import sealed_name, table_path

# Nobody is called so: the names show nothing but scripts and spellings.
GIVEN = ("Aurelia", "Benedikt", "Cosima", "Dorotea", "Emeric", "فاطمة", "محمد", "Ганна", "Ελένη", "Ottoline")
FAMILY = ("Quillfeather", "Ostermann", "Vandermeulen", "Lindqvist", "الحسن", "Коваль", "Παπά", "Thistlewood")
NEEDS = ("housing", "language", "health", "work")


def agreement_of(*departments: Organisation, reviewers: tuple[Person, ...] = (), days: int = 30) -> Agreement:
    """In force, with its key."""
    made = Agreement.objects.create(
        title="Homes and health",
        purpose="To find people who lack a home and a doctor.",
        needs=list(NEEDS),
        valid_until=timezone.localdate() + timedelta(days=days),
        reviewer_ids=[one.pk for one in reviewers],
        state=Agreement.State.IN_FORCE,
        began_at=timezone.now(),
    )
    for department in departments:
        Party.objects.create(agreement=made, organisation=department)
    registry.make_key(
        SYSTEM,
        made.pk,
        organisation_ids=[one.pk for one in departments],
        reviewer_ids=made.reviewer_ids,
        needs=NEEDS,
        valid_until=made.valid_until,
    )
    return made


def hand_in(agreement: Agreement, department: Organisation, records: pl.DataFrame) -> PersonList:
    """A list in use, in the place of the department's earlier one."""
    earlier = PersonList.objects.filter(key_id=agreement.pk, organisation=department, state="handed_in")
    earlier.update(state=PersonList.State.REPLACED)
    made = PersonList.objects.create(
        key_id=agreement.pk,
        organisation=department,
        person_id=uuid4(),
        request=uuid4(),
        file_name="made-up.csv",
        state=PersonList.State.HANDED_IN,
        rows=records.height,
        columns=records.columns,
        checked=1,
        synthetic=True,
        handed_in_at=timezone.now(),
    )
    content = io.BytesIO()
    records.write_parquet(content)
    path = table_path(made.pk, 1)
    seal_file(path, lists.live_key(agreement.pk), sealed_name(path), [content.getvalue()])
    return made


def people(count: int, *, start: str = "A", spoil: int = 0) -> pl.DataFrame:
    """Records of the same made-up people; of every `spoil`-th much is off, so that they are in doubt."""
    return pl.DataFrame([_record(number, start, spoil) for number in range(count)])


def _record(number: int, start: str, spoil: int) -> dict[str, Any]:
    dice = Random(number)  # noqa: S311 (the same for everybody)
    given, family = dice.choice(GIVEN) + dice.choice("aeiou") * 2, dice.choice(FAMILY) + dice.choice("bdgk")
    year, month, day = dice.randint(1940, 2015), dice.randint(1, 12), dice.randint(1, 27)
    off = spoil and number % spoil == 0
    return {
        "record_id": f"{start}-{number:04d}",
        "given_name": given,
        "family_name": family,
        "birth_date": f"{year}-01-01" if off else f"{year}-{month:02d}-{day:02d}",
        "sex": ("female", "male")[number % 2],
        "language": ("en", "ar", "uk")[number % 3],
        "postal_code": f"M{dice.randint(1, 9)}V {dice.randint(1, 9)}T{dice.randint(1, 9)}",
        "locality": None if off else "Newtown",
        "address": None if off else f"{dice.randint(1, 900)} {dice.choice(FAMILY)} Street",
        "id_social": None if off else f"{dice.randint(10**8, 10**9)}",
        "district_id": f"D{number % 4:02d}",
        "in_city_since": f"{2010 + number % 16}-05",
        "needs": ";".join(NEEDS[: number % 4]),
    }

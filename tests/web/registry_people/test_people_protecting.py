"""A record protected after its birth: whose it is then, what others lose, and who lifts it again."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.http import Http404

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry.models import Grant, Reading, Resident
from philoxenia_web.registry.people import (
    finding,
    grants,
    households,
    listing,
    merging,
    protecting,
    reading,
    records,
    texts,
)
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Conflict, NotPossible

Write = Callable[..., Resident]
ASKED = finding.Question("Oleksandra Kovalenko", "1987")


@pytest.fixture
def supervisor(person: Callable[..., Person]) -> Actor:
    """A supervisor of the department."""
    return actor_for(person(Role.SUPERVISOR))


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[UUID, bool]]:
    """Whom other apps were told of."""
    heard: list[tuple[UUID, bool]] = []
    monkeypatch.setattr(protecting, "_HOOKS", [])
    protecting.on_protected(lambda _actor, one, restricted: heard.append((one, restricted)))
    return heard


def _place(actor: Actor) -> UUID:
    return next(iter(actor.organisations))


def _finds(actor: Actor) -> list[UUID]:
    return [hit.resident_id for hit in finding.find(actor, ASKED, "serving_now").hits]


def test_a_protected_person_is_nobody_for_others_from_that_moment(
    worker: Actor, other_worker: Actor, supervisor: Actor, write_down: Write, told: list[tuple[UUID, bool]]
) -> None:
    one, key = write_down(worker, "Oleksandra Kovalenko"), uuid4()
    grants.give(SYSTEM, one.pk, _place(other_worker), "referral", grants.ALL, None, uuid4())
    with pytest.raises(NotPossible):
        protecting.protect(other_worker, one.pk, True, 1, uuid4())
    assert protecting.protect(worker, one.pk, True, 1, key) == 2
    assert protecting.protect(worker, one.pk, True, 1, key) == 2
    assert protecting.protect(worker, one.pk, True, 1, uuid4()) == 2
    assert told == [(one.pk, True)]
    assert (_finds(worker), _finds(other_worker)) == ([one.pk], [])
    with pytest.raises(Http404):
        records.open_record(other_worker, one.pk, "serving_now")
    with pytest.raises(Http404):
        protecting.protect(other_worker, one.pk, False, 2, uuid4())
    with pytest.raises(NotPossible):
        protecting.protect(worker, one.pk, False, 2, uuid4())
    assert protecting.protect(supervisor, one.pk, False, 2, uuid4()) == 3
    with pytest.raises(NotPossible):
        protecting.protect(worker, one.pk, True, 3, key)
    with pytest.raises(Conflict):
        protecting.protect(worker, one.pk, True, 1, uuid4())
    # A contact that somebody corrects from the page before is no conflict with it.
    assert records.change(worker, one.pk, 1, {"district_id": "d08"}, uuid4()) == 4
    assert _finds(other_worker) == [one.pk]
    actions = AuditEntry.objects.filter(object_id=str(one.pk)).order_by("pk").values_list("action", flat=True)
    assert [one for one in actions if "protect" in one] == [
        "registry.protect_resident",
        "registry.lift_protection",
    ]


def test_joined_records_are_protected_together_each_by_who_holds_it(
    worker: Actor, other_worker: Actor, write_down: Write, told: list[tuple[UUID, bool]]
) -> None:
    kept, ours = write_down(worker, "Oleksandra Kovalenko"), write_down(worker, "Olena Kovalenko")
    theirs = write_down(other_worker, "Alexandra Kovalenko")
    merging.merge(SYSTEM, kept.pk, ours.pk)
    merging.merge(SYSTEM, kept.pk, theirs.pk)
    with pytest.raises(NotPossible):
        protecting.protect(worker, ours.pk, True, 1, uuid4())
    protecting.protect(worker, kept.pk, True, 1, uuid4())
    assert {one for one, _restricted in told} == {kept.pk, ours.pk, theirs.pk}
    with visiting(SYSTEM):
        assert Resident.objects.filter(restricted=True).count() == 3
        assert merging.same_person(kept.pk) == [kept.pk, ours.pk]
    assert records.open_record(other_worker, theirs.pk, "serving_now").merged_into is None
    with pytest.raises(Http404):
        records.open_record(worker, theirs.pk, "serving_now")


def test_who_a_grant_leaves_unnamed_is_neither_found_nor_told_of_in_a_household(
    worker: Actor, other_worker: Actor, partner: Actor, write_down: Write
) -> None:
    one = write_down(worker, "Oleksandra Kovalenko", restricted=True)
    husband = write_down(worker, "Taras Kovalenko")
    households.join(worker, husband.pk, households.begin(worker, one.pk), "partner")
    place, source = _place(other_worker), uuid4()
    number = records.open_record(worker, one.pk, "serving_now").number

    def told_of(*fields: str, person: UUID | None = None) -> tuple[list[finding.Hit], set[UUID]]:
        grants.give(SYSTEM, one.pk, place, "referral", frozenset(fields), None, source, person)
        asked = replace(ASKED, number=number)
        members = records.open_record(other_worker, husband.pk, "serving_now").household
        hits = finding.find(other_worker, asked, "serving_now").hits
        return [hit for hit in hits if hit.restricted], {each.resident_id for each in members}

    for unnamed in ((), ("languages", "number", "birth", "contacts", "household")):
        assert told_of(*unnamed) == ([], {husband.pk})
    hits, members = told_of("names")
    assert members == {husband.pk, one.pk}
    assert [(hit.resident_id, hit.birth_year, hit.why) for hit in hits] == [(one.pk, None, ["names"])]
    hits, _members = told_of("names", "birth")
    assert [(hit.birth_year, hit.district_id) for hit in hits] == [(1987, "")]
    # What one person was let in to in an emergency is not there for their colleagues.
    assert told_of(*grants.ALL, person=uuid4()) == ([], {husband.pk})
    told_of("languages")
    assert [each.id for each in listing.listed(other_worker, [one.pk, husband.pk], "import")] == [husband.pk]
    told_of(*grants.ALL, person=uuid4())
    assert grants.fields_for(other_worker, one.pk) == frozenset()
    with pytest.raises(Http404):
        records.open_record(other_worker, one.pk, "serving_now")
    told_of(*grants.ALL, person=other_worker.person_id)
    assert records.open_record(other_worker, one.pk, "break_glass").name == "Oleksandra Kovalenko"


def test_a_record_handed_over_is_its_new_holders(
    worker: Actor, other_worker: Actor, write_down: Write
) -> None:
    kept = write_down(worker, "Oleksandra Kovalenko", restricted=True)
    merged = write_down(worker, "Olena Kovalenko", restricted=True)
    merging.merge(SYSTEM, kept.pk, merged.pk)
    old, new = _place(worker), _place(other_worker)
    with visiting(worker):
        protecting.hand_over(worker, kept.pk, new, new)
        with visiting(SYSTEM):
            for _twice in range(2):
                protecting.hand_over(other_worker, kept.pk, old, new)
    assert _finds(worker) == []
    assert records.open_record(other_worker, kept.pk, "serving_now").merged_ids == (merged.pk,)


def test_the_person_is_told_for_which_organisation_somebody_read(
    worker: Actor, other_worker: Actor, partner: Actor, write_down: Write
) -> None:
    ours, theirs = write_down(worker, "Oleksandra Kovalenko"), write_down(other_worker, "Taras Bondar")
    other, third = _place(other_worker), _place(partner)
    both = replace(worker, memberships=worker.memberships | other_worker.memberships)

    def read(resident: Resident) -> list[UUID | None]:
        with visiting(SYSTEM):
            found = Reading.objects.filter(
                resident_id=resident.pk, person_id=both.person_id, reason="quality"
            )
            return list(found.order_by("at", "pk").values_list("organisation_id", flat=True))

    records.briefs(both, [ours.pk, theirs.pk], "quality")
    assert (read(ours), read(theirs)) == ([_place(worker)], [other])
    with visiting(both, place=other):
        records.open_record(both, ours.pk, "quality")
    with visiting(both, place=third):
        # Not theirs: what a page says wrongly is not told.
        records.open_record(both, ours.pk, "quality")
    with visiting(both):
        reading.note(both, "registry.read_briefs", [ours.pk], "quality", [], place=third)
    assert read(ours)[1:] == [other, _place(worker), third]
    note = texts.keep_text(both, ours.pk, "note", "Words.", other)
    texts.read_texts(both, [note], "quality")
    # Somebody else's record, and theirs at two desks: it may be for either, so both are told.
    foreign_desk = Organisation.objects.create(name="A third", kind=Organisation.Kind.DEPARTMENT)
    with visiting(SYSTEM):
        Resident.objects.filter(pk=theirs.pk).update(organisation=foreign_desk)
    records.briefs(both, [theirs.pk], "quality")
    assert (read(ours)[4:], {*read(theirs)[1:]}) == ([other], {other, _place(worker)})
    foreign = replace(partner, memberships=partner.memberships | {(uuid4(), Role.PARTNER)})
    with visiting(foreign):
        reading.note(foreign, "registry.read_briefs", [ours.pk], "quality", [])
    with visiting(SYSTEM):
        told = Reading.objects.filter(resident_id=ours.pk, person_id=partner.person_id)
        assert {one.organisation_id for one in told} == foreign.organisations
        assert Grant.objects.count() == 0

"""A record protected from its page: who is offered it, what others see then, and that cases follow."""

from uuid import uuid4

import pytest
from django.urls import reverse
from tests.web.casework.desk_world import desk_of

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.cases import let_go
from philoxenia_web.casework.actions.plans import add_task
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.models import Case
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people.visits import visiting

pytestmark = pytest.mark.django_db


def test_a_record_is_protected_from_its_page_and_the_cases_follow() -> None:
    desk, other = desk_of("Shelter"), desk_of("Health")
    chief = desk_of("", Role.SUPERVISOR, desk.department)
    resident = desk.write_down()
    desk.open_case(resident)
    other.open_case(resident)
    page = f"{reverse('front-person', args=[resident])}?why=serving_now"
    address = reverse("front-protect", args=[resident])

    def offered(of: object) -> bool:
        return address in of.browser().get(page).content.decode()  # type: ignore[attr-defined]

    def cases() -> set[bool]:
        with visiting(SYSTEM):
            return set(Case.objects.filter(resident=resident).values_list("restricted", flat=True))

    def say(of: object, restricted: str, version: int) -> list[str]:
        sent = {"restricted": restricted, "version": str(version), "key": str(uuid4())}
        answer = of.browser().post(address, sent)  # type: ignore[attr-defined]
        return [answer.status_code, cases()]  # type: ignore[list-item]

    assert (offered(desk), offered(chief), offered(other)) == (True, True, False)
    assert say(other, "yes", 1) == [302, {False}]
    with visiting(other.actor):
        theirs = Case.objects.get(resident=resident, organisation=other.department)
    add_task(other.actor, theirs.pk, "call", today(), uuid4())
    with pytest.raises(NotPossible):
        let_go(other.actor, theirs.pk, theirs.version)
    assert say(desk, "yes", 1) == [302, {True}]
    assert other.browser().get(page).status_code == 404
    with visiting(other.actor):
        theirs = Case.objects.get(resident=resident)
    closing = reverse("front-case-step", args=[theirs.pk])
    left = other.browser().get(page).content.decode()
    assert closing in left and "Amal" not in left
    other.browser().post(closing, {"verb": "let_go", "version": str(theirs.version)})
    assert closing not in other.browser().get(page).content.decode()
    assert say(other, "no", 2) == [404, {True}]
    assert (offered(desk), offered(chief)) == (False, True)
    assert say(desk, "no", 2) == [302, {True}]
    assert say(chief, "no", 2) == [302, {False}]
    assert other.browser().get(page).status_code == 200

"""Every page that a role can open: axe finds nothing serious, and no page is too wide for either window."""

import re
from collections.abc import Mapping
from uuid import UUID

import pytest
from tests.journeys.axe import findings
from tests.journeys.browser import Look, keep
from tests.journeys.demonstration import LOOKING, ROLES, Demonstration
from tests.journeys.pages import Place, places
from tests.journeys.screens import FOLDER
from tests.journeys.test_steward import a_letter_too_much, extract, hand_in

pytestmark = LOOKING

# Each page is seen in one look, the next page in another: what pages share is seen in all of them.
TURNS = (
    Look("en", 1280, "light"),
    Look("ar", 360, "dark"),
    Look("en", 360, "dark"),
    Look("ar", 1280, "light"),
)
FIRST_PAGES = ("/", "/data/", "/studies/")
NOBODYS = ("/nothing/here/",)


@pytest.fixture(scope="module")
def drafts(demo: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A hand-in that was refused, one that may be published, and a study that did not start."""
    folder, found = tmp_path_factory.mktemp("drafts"), {}
    with demo.window("data_steward") as page:
        for name, spoil in (("refused", [a_letter_too_much]), ("taken", [])):
            page.goto("/data/hand-in/")
            hand_in(page, extract(folder, f"{name}.csv", *spoil))
            found[name] = page.url.split("/")[-3]
        page.click("button:has-text('Accept the mends and go on')")
        page.wait_for_url("**/publish/")
    with demo.window("planner") as page:
        page.goto("/studies/new/")
        page.fill("[name=title]", "A draft")
        page.click("button:has-text('Go on')")
        page.wait_for_url("**/inputs/")
        found["study"] = page.url.split("/")[-3]
        page.goto("/studies/new/")
        page.fill("[name=title]", "A draft of foresight")
        page.check("[name=kind][value=foresight]")
        page.click("button:has-text('Go on')")
        page.wait_for_url("**/scenario/")
        found["foresight"] = page.url.split("/")[-3]
    return found


@pytest.fixture(scope="module")
def every(demo: Demonstration, drafts: dict[str, str], published: list[str]) -> list[Place]:
    """One of every page, with things of the demonstration."""
    one = {name: str(demo.ask(question)[0][0]) for name, question in THINGS.items()}
    known = {
        **one,
        "study_id": demo.study().split("/")[2],
        "version_id": published[1],
        "other_id": published[0],
        "district_id": "085",
        "token": "ended",
        "uidb36": "1",
        "key": "ended",
        "name": "not-found",
        "provider_id": "city",
    }
    known["action"] = "housing_benefit"
    known["language"] = "en"
    # A demonstration has none of these: what stands there instead is looked at.
    known |= dict.fromkeys(ABSENT, str(UUID(int=0)))
    known["code"] = "referral"
    foresight = {"study_id": str(demo.ask(FORESIGHT)[0][0])}
    body = {"organisation_id": str(demo.ask(BODY)[0][0])}
    sharing = {"agreement_id": str(demo.ask(SHARING)[0][0])}
    front = dict.fromkeys(("agreement", "referral-transfer", "referral-write"), sharing)
    own = (
        front
        | dict.fromkeys(FORESIGHT_PAGES, foresight)
        | own_of(drafts)
        | {"help-organisation": body, "front-same-look": {"other_id": str(demo.ask(ANOTHER)[0][0])}}
        | GUIDES
    )
    return places(known, own)


FORESIGHT = (
    "select id from studies_study where kind = 'foresight' and state = 'done' order by created_at limit 1"
)
SHARING = "select id from casework_sharingagreement order by made_at limit 1"
ANOTHER = (
    "select c.resident_id from casework_case c join registry_resident r on r.id = c.resident_id"
    " where c.state = 'open' and not r.restricted and r.merged_into_id is null"
    " order by c.opened_at desc limit 1"
)
ABSENT = (
    "proposal_id",
    "staged_id",
    "feedback_id",
    "document_id",
    "hook_id",
    "consent_id",
    "benefit_id",
)
BODY = "select organization_id from directory_service where status = 'active' order by id limit 1"
GUIDES = {
    "help-guide": {"name": "bank"},
    "help-guide-check": {"name": "business", "check": "permits"},
}
FORESIGHT_PAGES = (
    "foresight-dividend",
    "foresight-action",
    "foresight-futures",
    "foresight-method",
    "foresight-portfolio",
    "foresight-robustness",
    "foresight-triggers",
    "foresight-case-choice",
)
THINGS = {
    "resident_id": "select resident_id from casework_case where state = 'open' order by opened_at limit 1",
    "case_id": "select id from casework_case where state = 'open' order by opened_at limit 1",
    "need_id": "select n.id from casework_caseneed n join casework_case c on c.id = n.case_id"
    " where c.state = 'open' order by c.opened_at limit 1",
    "referral_id": "select id from casework_referral order by made_at limit 1",
    "appointment_id": "select id from casework_appointment where starts_at > now()"
    " order by starts_at limit 1",
    "interpreter_id": "select id from casework_interpreter order by id limit 1",
    "room_id": "select id from casework_room order by id limit 1",
    "resource_id": "select id from casework_room order by id limit 1",
    "queue_id": "select id from casework_queue order by id limit 1",
    "ticket_id": "select id from casework_ticket order by id limit 1",
    "application_id": "select id from cards_application order by id limit 1",
    "device_id": "select id from casework_offlinedevice order by id limit 1",
    "conflict_id": "select id from casework_offlineconflict order by id limit 1",
    "emergency_id": "select id from casework_emergency order by id limit 1",
    "request_id": "select id from registry_rightsrequest where kind = 'correct' order by id limit 1",
    "batch_id": "select id from registry_peopleimport order by id limit 1",
    "row_id": "select id from registry_importrow order by state = 'doubtful' desc, id limit 1",
    "service_id": "select s.id from directory_service s join directory_service_at_location t"
    " on t.service_id = s.id where s.status = 'active' order by s.id limit 1",
    "place_id": "select location_id from directory_service_at_location order by location_id limit 1",
    "organization_id": "select id from directory_organization order by id limit 1",
    "location_id": "select location_id from directory_service_at_location order by location_id limit 1",
    "person_id": "select id from accounts_person where email like 'planner@%%'",
    "organisation_id": "select id from accounts_organisation where name = 'Demo department'",
    "entry_id": "select max(id) from accounts_auditentry where organisation_id ="
    " (select id from accounts_organisation where name = 'Demo department')",
    "run_id": "select id from linkage_run where state = 'done' order by asked_at limit 1",
    "agreement_id": "select agreement_id from linkage_run where state = 'done' order by asked_at limit 1",
    "pair_id": "select id from linkage_reviewpair where outcome = 'open' order by worth limit 1",
    "list_id": "select l.id from registry_personlist l"
    " join accounts_organisation o on o.id = l.organisation_id"
    " where l.state = 'handed_in' and o.name = 'Demo department' order by l.made_at limit 1",
    "profile_id": "select id from needs_profile where created_by_id is null",
    "dataset_id": "select id from datasets_dataset where title = 'Shelter flow, handed in'",
}


def own_of(drafts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Steps before the end are seen on things that have not come to it."""
    steps = ("study-question", "study-inputs", "study-parameters", "study-check")
    planned = (
        "study-scenario",
        "study-actions",
        "study-action-new",
        "study-action-edit",
        "study-budget",
        "study-values",
    )
    return {
        "version-check": {"version_id": drafts["refused"]},
        "version-publish": {"version_id": drafts["taken"]},
        **{name: {"study_id": drafts["study"]} for name in steps},
        **{name: {"study_id": drafts["foresight"]} for name in planned},
    }


@pytest.mark.parametrize("role", ["", *ROLES])
def test_every_page_as_who_may_open_it(role: str, demo: Demonstration, every: list[Place]) -> None:
    paths = [place.path for place in every if place.role == role] + list(FIRST_PAGES if role else NOBODYS)
    wrong = []
    for turn, look in enumerate(TURNS):
        wrong += findings(demo.started, demo.base, paths[turn :: len(TURNS)], demo.cookies(role), [look])
    assert wrong == []


def test_pictures_of_the_first_page_are_kept(demo: Demonstration) -> None:
    for look in TURNS[:2]:
        with demo.window("planner", look) as page:
            page.goto("/")
            assert keep(page, "/", look, FOLDER).stat().st_size > 10_000


def test_the_list_holds_pages_of_every_app(every: list[Place]) -> None:
    assert len(every) > 60
    assert not [place for place in every if re.search(r"[<>()]", place.path)]

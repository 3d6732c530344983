"""What the rows of api.csv open: each request comes with a token of all scopes, or with nothing."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone
from tests.web.api import worlds
from tests.web.api.programs import token_for
from tests.web.needs.made_runs import finished_run

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import Invitation, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.models import Token
from philoxenia_web.needs.models import Profile
from philoxenia_web.studies.models import Study

# The harness sends an empty JSON object where a row has no data.
PIECE = b"{}"


def browser(person: Person | None) -> Client:
    """Signed in for the pages of tokens, and with a token for everything else."""
    if person is None:
        return Client()
    place = Membership.objects.select_related("organisation").filter(person=person).first().organisation
    client = Client(headers={"Authorization": f"Bearer {token_for(person, place)}"})
    client.force_login(person)
    return client


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """One object of each kind in the organisation."""
    planner, steward = people["planner"], people["data_steward"]
    version = worlds.make_dataset(organisation)
    later = worlds.make_version(version.dataset, worlds.ROWS.head(2))
    draft = worlds.make_draft_version(organisation)
    study = worlds.make_done_study(organisation, planner)
    worlds.share(study, organisation)
    other = worlds.make_done_study(organisation, planner, title="Another")
    worlds.share(other, organisation)
    return {
        **_accounts(organisation, people),
        **_data(version, later, draft),
        **_uploads(organisation, steward),
        **_studies(organisation, planner, study, other),
        **_needs(organisation, planner),
        **_tokens(people),
    }


def _changing(kwargs: dict[str, Any], data: Any = None) -> tuple[Any, ...]:
    return kwargs, data or {}, {"If-Match": "*"}


def _making(kwargs: dict[str, Any], data: Any) -> tuple[Any, ...]:
    return kwargs, data, {"Idempotency-Key": str(uuid4())}


def _accounts(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    place, somebody = {"organisation_id": organisation.pk}, {"person_id": people["caseworker"].pk}
    invitation = Invitation.objects.create(
        email="invited@example.org",
        organisation=organisation,
        roles=[Role.PLANNER],
        token_hash=uuid4().hex,
        expires_at=timezone.now() + timedelta(days=1),
    )
    invited = {"invitation_id": invitation.pk}
    return {
        "api-problem": ({"name": "not-found"}, {}),
        "api-readContract": ({"name": "schools"}, {}),
        "api-readParameter": ({"name": next(iter(default_parameters()))}, {}),
        "api-readOrganisation": (place, {}),
        "api-makeOrganisation": _making({}, {"name": "Another", "kind": "partner"}),
        "api-changeOrganisation": _changing(place, {"name": "Another"}),
        "api-readPerson": (somebody, {}),
        "api-changePerson": _changing(somebody, {"active": False}),
        "api-setRoles": _changing(somebody | place, {"roles": ["planner"]}),
        "api-signOutPerson": (somebody, {}),
        "api-resetSecondFactor": _changing(somebody),
        "api-readInvitation": (invited, {}),
        "api-invite": _making({}, {"email": "new@example.org", "roles": ["planner"], **place}),
        "api-resendInvitation": _changing(invited),
        "api-withdrawInvitation": _changing(invited),
        "api-readTrailEntry": ({"entry_id": record(SYSTEM, "tests.made").pk}, {}),
    }


def _data(version: Any, later: Any, draft: Any) -> dict[str, Any]:
    seen, mine = {"version_id": version.pk}, {"version_id": draft.pk}
    dataset = {"dataset_id": version.dataset_id}
    terms = {"purposes": ["planning"], "licence": "CC0", "valid_from": "2026-01-01"}
    return {
        "api-readDataset": (dataset, {}),
        "api-changeDataset": _changing(dataset, {"title": "Beds of the city"}),
        "api-listVersionsOfDataset": (dataset, {}),
        "api-readVersion": (seen, {}),
        "api-readCheckReport": (seen, {}),
        "api-readRows": (seen, {}),
        "api-listUses": (seen, {}),
        "api-compareVersions": ({"version_id": later.pk, "other_id": version.pk}, {}),
        "api-readAgreement": (seen, {}),
        "api-changeAgreement": _changing(seen, terms),
        "api-answerCheck": _changing(mine, {"contract": "shelter_flow"}),
        "api-correctVersion": _changing(mine, {"corrections": [{"kind": "leave_out", "row": 1}]}),
        "api-declareNotStatus": _changing(mine, {"column": "note", "reason": "It is a remark of ours."}),
        "api-acceptMends": _changing(mine),
        "api-publishVersion": _changing(mine, {"title": "Beds", "agreement": terms}),
        "api-withdrawVersion": _changing(seen, {"reason": "It was wrong."}),
        "api-discardVersion": _changing(mine),
    }


def _uploads(organisation: Organisation, steward: Person) -> dict[str, Any]:
    waiting = {"upload_id": worlds.make_upload(steward, organisation, size=len(PIECE)).pk}
    digest = base64.b64encode(hashlib.sha256(PIECE).digest()).decode()
    headers = {
        "Content-Type": "application/octet-stream",
        "Upload-Offset": "0",
        "Content-Digest": f"sha-256=:{digest}:",
    }
    new = {"organisation_id": organisation.pk, "name": "beds.csv", "size": 10}
    complete = worlds.make_upload(steward, organisation, PIECE, size=len(PIECE))
    return {
        "api-beginUpload": _making({}, new),
        "api-readUpload": (waiting, {}),
        "api-sendPiece": (waiting, {}, headers),
        "api-finishUpload": ({"upload_id": complete.pk}, {}),
        "api-giveUpUpload": (waiting, {}),
    }


def _studies(organisation: Organisation, planner: Person, study: Study, other: Study) -> dict[str, Any]:
    draft = {"study_id": worlds.make_study(organisation, planner).pk}
    waiting = {"study_id": worlds.make_study(organisation, planner, state="waiting").pk}
    cancelled = {"study_id": worlds.make_study(organisation, planner, state="cancelled").pk}
    done = {"study_id": study.pk}
    ahead = worlds.make_done_foresight(organisation, planner)
    worlds.share(ahead, organisation)
    foresight = {"study_id": ahead.pk}
    share = {"share_id": worlds.share(study, organisation, "partner").pk}
    return {
        "api-readStudy": (done, {}),
        "api-makeStudy": _making({}, {"organisation_id": organisation.pk, "title": "New", "inputs": {}}),
        "api-changeStudy": _changing(draft, {"title": "Another"}),
        "api-deleteStudy": _changing(draft),
        "api-copyStudy": _making(done, {}),
        "api-startStudy": _changing(draft),
        "api-cancelStudy": (waiting, {}),
        "api-retryStudy": (cancelled, {}),
        "api-readProgress": (done, {}),
        "api-listShares": (done, {}),
        "api-shareStudy": _making(done, {"role": "caseworker"}),
        "api-unshareStudy": (done | share, {}),
        "api-readResult": (done, {}),
        "api-listForesightTables": (foresight, {}),
        "api-readForesightTable": (foresight | {"table": "plans"}, {}),
        "api-listTables": (done, {}),
        "api-readTable": (done | {"name": "pressure"}, {}),
        "api-listFigures": (done, {}),
        "api-readFigure": (done | {"name": worlds.figure_of(study)}, {}),
        "api-listFiles": (done, {}),
        "api-readFile": (done | {"path": "report.html"}, {}),
        "api-readDistricts": (done, {}),
        "api-compareStudies": (done | {"other_id": other.pk}, {}),
    }


def _needs(organisation: Organisation, planner: Person) -> dict[str, Any]:
    run = {"run_id": finished_run([organisation]).pk}
    tables = {"groups": {"columns": [["group", "String"]], "rows": [["all"]]}}
    profile = Profile.objects.create(
        organisation=organisation, created_by=planner, title="Survey", state="done", tables=tables
    )
    return {
        "api-readOverlap": (run, {}),
        "api-readOverlapGroups": (run, {"needs": "housing"}),
        "api-readProfileTable": ({"profile_id": profile.pk, "table": "groups"}, {}),
    }


def _tokens(people: dict[str, Person]) -> dict[str, Any]:
    """A token of the planner: nobody else finds it, whatever their role."""
    place = Membership.objects.select_related("organisation").get(person=people["planner"]).organisation
    token_for(people["planner"], place)
    token = {"token_id": Token.objects.filter(person=people["planner"]).latest("created_at").pk}
    return {
        "POST tokens": (
            {},
            {"name": "Test", "organisation": place.pk, "scopes": [], "days": 30, "key": uuid4()},
        ),
        "token": (token, {}),
        "token-revoke": (token, {}),
    }

"""What the rows of studies.csv open: a draft, a waiting and a finished study of the organisation."""

from typing import Any
from uuid import uuid4

from philoxenia.reference import reference_table
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.studies import computing, queries
from philoxenia_web.studies.models import Share, Study

State = Study.State


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """Nothing is shared, so that what readers see is what their role gives them alone."""
    draft = Study.objects.create(organisation=organisation, title="Draft", created_by=people["planner"])
    waiting = Study.objects.create(organisation=organisation, title="Waiting", state=State.WAITING)
    failed = Study.objects.create(organisation=organisation, title="Failed", state=State.FAILED)
    done = _finished(organisation)
    share = Share.objects.create(study=done, organisation=Organisation.objects.create(name="Third"))
    kept = {"action": "own_kept", "title": "Kept", "summary": "Ours", "funder": "city", "lead_months": 1}
    kept |= {"cost_once": 1, "cost_per_month": 1, "cost_source": "assumption"}
    ahead = Study.objects.create(
        organisation=organisation, title="Plan", kind="foresight", horizon=12, plan={"added": [kept]}
    )
    of = {
        name: {"study_id": one.pk}
        for name, one in [("draft", draft), ("wait", waiting), ("done", done), ("plan", ahead)]
    }
    asked = {"title": "Test", "question": "", "purpose": "planning", "version": "1"}
    shocks = {f"on:{name}": "yes" for name in reference_table("shocks")["name"]}
    own = {"row:title": "Own", "row:summary": "Ours", "row:funder": "city", "row:cost_source": "assumption"}
    own |= {"row:cost_once": "1", "row:cost_per_month": "1", "row:lead_months": "1", "version": "1"}
    return {
        "study-scenario": (of["plan"], {}),
        "POST study-scenario": (of["plan"], {"version": "1", "months": "24", "futures": "9", **shocks}),
        "study-actions": (of["plan"], {}),
        "POST study-actions": (of["plan"], {"version": "1"}),
        "study-action-new": (of["plan"], {}),
        "POST study-action-new": (of["plan"], own),
        "study-action-edit": ({**of["plan"], "action": "own_kept"}, {}),
        "POST study-action-edit": ({**of["plan"], "action": "own_kept"}, {"version": "1", "remove": "1"}),
        "study-values": (of["plan"], {}),
        "POST study-values": (of["plan"], {"version": "1"}),
        "study-budget": (of["plan"], {}),
        "POST study-budget": (of["plan"], {"version": "1", "start": "0"}),
        "POST study-new": ({}, {**asked, "kind": "pressure", "key": str(uuid4())}),
        "study-question": (of["draft"], {}),
        "POST study-question": (of["draft"], asked),
        "study-inputs": (of["draft"], {}),
        "POST study-inputs": (of["draft"], {"version": "1"}),
        "study-parameters": (of["draft"], {}),
        "POST study-parameters": (of["draft"], {"version": "1", "value:needs.walking_speed": "4"}),
        "study-check": (of["draft"], {}),
        "POST study-check": (of["draft"], {"version": "1", "horizon": "6", "seed": "1", "start": "1"}),
        "study-copy": (of["done"], {"key": str(uuid4())}),
        "study-delete": (of["draft"], {}),
        "study-status": (of["wait"], {}),
        "study-cancel": (of["wait"], {}),
        "study-retry": ({"study_id": failed.pk}, {}),
        "study-settings": (of["done"], {}),
        "POST study-settings": (of["done"], {"notes": "Test", "version": "1"}),
        "study-share": (of["done"], {}),
        "POST study-share": (of["done"], {"key": str(uuid4())}),
        "study-share-end": ({**of["done"], "share_id": share.pk}, {}),
        "study-download": (of["done"], {}),
        "study-file": ({**of["done"], "name": "report.html"}, {}),
    }


def _finished(organisation: Organisation) -> Study:
    done = Study.objects.create(
        organisation=organisation, title="Done", state=State.DONE, result="result-1", result_hash="ab" * 32
    )
    folder = queries.result_folder(done)
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")
    computing.pack(folder, {})
    return done

"""What the rows of linkage_runs.csv open: runs of an agreement in every state, and a doubtful pair."""

import json
from typing import Any
from uuid import uuid4

from tests.web.linkage_runs.made_lists import agreement_of, hand_in, people

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.linkage.models import Agreement, ReviewPair, Run
from philoxenia_web.linkage.review.queries import place_of
from philoxenia_web.registry import actions as registry

State = Run.State


def world(organisation: Organisation, people_of: dict[str, Person]) -> dict[str, Any]:
    """The reviewer of the organisation is named in the agreement, that of the other is not."""
    agreement = agreement_of(organisation, reviewers=(people_of["reviewer"],))
    listed = hand_in(agreement, organisation, people(4))
    waiting = Run.objects.create(agreement=agreement, number=1, state=State.WAITING)
    stopped = agreement_of(organisation, reviewers=(people_of["reviewer"],))
    hand_in(stopped, organisation, people(4))
    failed = Run.objects.create(agreement=stopped, number=1, state=State.FAILED, fault="code:program")
    pair = _pair(agreement, waiting, str(organisation.pk), str(listed.pk))
    of = {"agreement_id": agreement.pk}
    to_answer = {"said": "same", "version": "1", "key": str(uuid4())}
    return {
        "linkage-run-new": (of, {}),
        "POST linkage-run-new": (of, {"key": str(uuid4())}),
        "linkage-run": ({**of, "run_id": waiting.pk}, {}),
        "linkage-run-cancel": ({**of, "run_id": waiting.pk}, {}),
        "linkage-run-retry": ({"agreement_id": stopped.pk, "run_id": failed.pk}, {}),
        "linkage-review": (of, {}),
        "linkage-review-next": (of, {}),
        "linkage-pair": ({**of, "pair_id": pair.pk}, {}),
        "POST linkage-pair": ({**of, "pair_id": pair.pk}, to_answer),
        "linkage-pair-undo": ({**of, "pair_id": pair.pk}, {}),
    }


def _pair(agreement: Agreement, run: Run, source: str, listed: str) -> ReviewPair:
    pair_id = uuid4()
    sides = {
        side: {"source": source, "record": f"A-000{number}", "list": listed}
        for number, side in enumerate(("left", "right"))
    }
    told = sides | {"evidence": [], "weight": 0.1, "probability": 0.5, "content": []}
    sealed = registry.seal(agreement.pk, json.dumps(told).encode(), name=place_of(pair_id))
    return ReviewPair.objects.create(id=pair_id, agreement=agreement, run=run, sealed=sealed, worth=1.0)

"""A private check on a page: a form that a script works out on the device, and plain nested questions.

Nothing of it is ever sent: the form has no address and no button that sends, and the nested questions are
`details` of HTML.
"""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from philoxenia.directory.eligibility import Question, Rule, RuleError, decision_tree, question, read_rule
from philoxenia.directory.eligibility.rules import conditions
from philoxenia.directory.eligibility.tree import Branch, Leaf, Reply
from philoxenia.directory.guides.types import Check, Outcome, Source, Text
from philoxenia_web.directory.public.words import YES_NO

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShownOutcome:
    """Where the answers may lead."""

    id: str
    title: Text
    text: Text
    fee: Text | None = None
    form: str = ""
    status: str = "checked"
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class ShownCheck:
    """Everything the template `directory/guides/check.html` needs. `data` is JSON for the script."""

    id: str
    title: Text
    lead: Text
    outcomes: list[ShownOutcome]
    questions: list[dict[str, Any]]
    data: str
    tree: dict[str, Any]


def shown_check(check: Check, texts: Mapping[str, Text], language: str) -> ShownCheck:
    """A check of a guide in a language."""
    outcomes = [_outcome(check, one, texts) for one in check.outcomes]
    rules = {one.id: (one.rule, one.raw_rule) for one in check.outcomes}
    titles = (texts[f"{check.id}.title"], texts[f"{check.id}.lead"])
    return _made(check.id, titles, outcomes, rules, check.order, language)


def for_rule(raw: object, language: str) -> ShownCheck | None:
    """A service's own rule as a check; None where there is none, or it cannot be evaluated."""
    if not raw:
        return None
    try:
        rule = read_rule(raw)
        title = Text(_("Is this for me?"), language, "original")
        lead = Text(_("Your answers stay on this device."), language, "original")
        yes = Text(_("By your answers this service is for you."), language, "original")
        ask = Text(_("Call before you go: the service decides."), language, "original")
        return _made(
            "eligible", (title, lead), [ShownOutcome("yes", yes, ask)], {"yes": (rule, raw)}, (), language
        )
    except RuleError as fault:
        _log.warning("A rule of eligibility was left out: %s", fault)
        return None


def _outcome(check: Check, one: Outcome, texts: Mapping[str, Text]) -> ShownOutcome:
    key = f"{check.id}.{one.id}"
    title, text, fee = texts[f"{key}.title"], texts[f"{key}.text"], texts.get(f"{key}.fee")
    return ShownOutcome(one.id, title, text, fee, one.form, one.status, one.sources)


def _made(
    name: str,
    words: tuple[Text, Text],
    outcomes: list[ShownOutcome],
    rules: Mapping[str, tuple[Rule, object]],
    order: Sequence[str],
    language: str,
) -> ShownCheck:
    asked = _asked([rule for rule, _raw in rules.values()], order, language)
    data = {
        "questions": {one.id: _bare(one) for one in asked},
        "outcomes": [{"id": key, "rule": raw} for key, (_rule, raw) in rules.items()],
    }
    tree = decision_tree({key: rule for key, (rule, _raw) in rules.items()}, order)
    shown = {one.id: one for one in outcomes}
    return ShownCheck(
        id=name,
        title=words[0],
        lead=words[1],
        outcomes=outcomes,
        questions=[_question(one) for one in asked],
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")),
        tree=_node(tree, shown, language, name),
    )


def _asked(rules: Iterable[Rule], order: Sequence[str], language: str) -> list[Question]:
    named = [one.question for rule in rules for one in conditions(rule)]
    first = [name for name in order if name in named]
    return [question(name, language) for name in dict.fromkeys([*first, *named])]


def _bare(one: Question) -> dict[str, Any]:
    """What the script needs of a question: no words, they stand in the page."""
    if one.kind == "choice":
        return {"kind": one.kind, "choices": [[code] for code, _words in one.choices]}
    if one.kind == "number":
        return {"kind": one.kind, "lowest": one.lowest, "highest": one.highest}
    return {"kind": one.kind}


def _question(one: Question) -> dict[str, Any]:
    yes_no = [("yes", YES_NO["yes"]), ("no", YES_NO["no"])]
    return {
        "id": one.id,
        "kind": one.kind,
        "words": Text(one.text, one.language, one.status),
        "choices": yes_no if one.kind == "yes_no" else one.choices,
        "lowest": one.lowest,
        "highest": one.highest,
        "unit": one.unit,
    }


def _node(node: Branch | Leaf, shown: Mapping[str, ShownOutcome], language: str, name: str) -> dict[str, Any]:
    if isinstance(node, Leaf):
        hits = [shown[key] for key, answer in node.outcomes if answer == "yes"]
        return {"leaf": True, "hits": hits, "check": name}
    asked = question(node.question, language)
    replies = [(_ways(asked, ways), _node(after, shown, language, name)) for ways, after in node.replies]
    return {"leaf": False, "words": Text(asked.text, asked.language, asked.status), "replies": replies}


def _ways(asked: Question, ways: Sequence[Reply]) -> str:
    return " · ".join(_reply(asked, one) for one in ways)


def _reply(asked: Question, reply: Reply) -> str:
    if asked.kind == "yes_no":
        return str(YES_NO["yes" if reply.value else "no"])
    if asked.kind == "choice":
        return dict(asked.choices)[str(reply.value)]
    return _range(asked, reply.low or 0, reply.high or 0)


def _range(asked: Question, low: int, high: int) -> str:
    """A range of whole numbers in words."""
    parts = {"low": f"{low:,}" if asked.highest > 2100 else str(low), "high": str(high)}
    if asked.highest > 2100:
        parts["high"] = f"{high:,}"
    if low == high:
        return parts["low"]
    if low <= asked.lowest:
        return _("%(high)s or less") % parts
    if high >= asked.highest:
        return _("%(low)s or more") % parts
    return _("%(low)s to %(high)s") % parts

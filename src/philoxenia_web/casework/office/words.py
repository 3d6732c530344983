"""What measures and categories of the office's figures are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.words import district_name, language_name, need_name

_SINCE: dict[str, Promise] = {
    "under_6_months": gettext_lazy("Less than half a year"),
    "6_to_23_months": gettext_lazy("Half a year to two years"),
    "2_to_4_years": gettext_lazy("Two to five years"),
    "5_years_or_more": gettext_lazy("Five years and more"),
}
_STAGES: dict[str, Promise] = {
    "waiting": gettext_lazy("Waiting for an answer"),
    "accepted": gettext_lazy("Accepted, not begun"),
    "running": gettext_lazy("Help goes on"),
    "lost": gettext_lazy("Lost on the way"),
}


def category(by: str, code: str, organisations: dict[str, str]) -> str:
    """What a category of a breakdown is called in the reader's language."""
    if code in ("unknown", "und"):
        return _("Not known")
    if by == "team":
        return organisations.get(code, _("A team that is closed"))
    if by == "result":
        return _result(code)
    named = {"language": language_name, "district": district_name, "need": need_name}
    if by in named:
        return named[by](code)
    return str(({"since": _SINCE, "stage": _STAGES}[by]).get(code, code))


def _result(code: str) -> str:
    """How a referral ended; with a reason where there is one."""
    state, _colon, reason = code.partition(":")
    states, outcomes = dict(Referral.State.choices), dict(Referral.Outcome.choices)
    if reason:
        told = {
            "state": states.get(state, state),
            "reason": dict(Referral.Reason.choices).get(reason, reason),
        }
        return _("%(state)s: %(reason)s") % told
    return str(outcomes.get(code, states.get(code, code)))

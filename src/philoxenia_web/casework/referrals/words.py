"""What states, verbs and actors of referrals are called, and the kinds of their badges."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.models.referrals import Emergency, Referral, SharingAgreement

SIGNS = {
    "sent": "waiting",
    "opened": "waiting",
    "asked": "attention",
    "accepted": "info",
    "begun": "info",
    "unanswered": "problem",
    "left_open": "problem",
    "not_begun": "problem",
    "finished": "success",
    "taken_over": "success",
    "declined": "attention",
    "withdrawn": "attention",
}
AGREEMENT_SIGNS = {"proposed": "waiting", "in_force": "success", "refused": "problem", "ended": "info"}
EMERGENCY_SIGNS = {"open": "attention", "over": "waiting", "justified": "success", "not_justified": "problem"}

_BY = {
    "sender": _("who sent it"),
    "receiver": _("who was asked"),
    "supervisor": _("a supervisor"),
    "time": _("time"),
    "sender or receiver": _("one of the two"),
    "who opened it": _("who opened it"),
}
_STEPS = {
    "open": _("look at it"),
    "ask": _("ask something"),
    "answer": _("answer"),
    "accept": _("accept"),
    "decline": _("decline"),
    "begin": _("begin"),
    "finish": _("finish"),
    "lapse": _("the time is over"),
    "chase": _("remind"),
    "withdraw": _("withdraw"),
    "take_over": _("take over"),
}
REFERRAL: Mapping[str, Any] = {**_BY, **_STEPS, **dict(Referral.State.choices)}
AGREEMENT: Mapping[str, Any] = {
    **_BY,
    "sign": _("sign"),
    "refuse": _("refuse"),
    "end": _("end it"),
    "lapse": _("the time is over"),
    **dict(SharingAgreement.State.choices),
}
EMERGENCY: Mapping[str, Any] = {
    **_BY,
    "leave": _("leave the record"),
    "lapse": _("the time is over"),
    "find_justified": _("find it justified"),
    "find_not_justified": _("find it not justified"),
    **dict(Emergency.State.choices),
}

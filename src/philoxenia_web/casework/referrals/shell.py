"""What staff sees of referrals in the rail, on the trail, on a person's page and among the drawn machines."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.ui.machines import add_machine
from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import Permission, actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.casework.joining import on_joined  # noqa: PLC0415
    from philoxenia_web.casework.policies import CASEWORK  # noqa: PLC0415
    from philoxenia_web.casework.referrals import mails, parts, states, words  # noqa: PLC0415
    from philoxenia_web.casework.referrals.policies import AGREE, RECEIVE  # noqa: PLC0415

    def may(permission: Permission) -> Callable[[HttpRequest], bool]:
        return lambda request: can(actor_of(request), permission)

    add_entry(Entry("front", "referral-inbox", _("Referred to us"), may(RECEIVE), 40))
    add_entry(Entry("front", "referrals", _("What we referred"), may(CASEWORK), 41))
    add_entry(Entry("front", "agreements", _("Sharing agreements"), may(AGREE), 60))
    add_entry(Entry("front", "emergencies", _("Emergency openings"), may(CASEWORK), 61))
    name_actions(_ACTIONS)
    add_machine(states.REFERRAL, _("Referral"), words.REFERRAL)
    add_machine(states.TRANSFER, _("Transfer of a case"), words.REFERRAL)
    add_machine(states.AGREEMENT, _("Sharing agreement"), words.AGREEMENT)
    add_machine(states.EMERGENCY, _("Emergency opening"), words.EMERGENCY)
    parts.register()
    on_joined(mails.tell_about_joining)


_ACTIONS = {
    "casework.send_referral": _("Referred somebody"),
    "casework.send_transfer": _("Sent a case to another team"),
    "casework.open_referral": _("Looked at a referral for the first time"),
    "casework.accept_referral": _("Accepted a referral"),
    "casework.decline_referral": _("Declined a referral"),
    "casework.ask_about_referral": _("Asked about a referral"),
    "casework.answer_about_referral": _("Answered a question about a referral"),
    "casework.begin_referral": _("Began to help"),
    "casework.finish_referral": _("Finished a referral"),
    "casework.take_over_case": _("Took a case over"),
    "casework.chase_referral": _("Reminded of a referral"),
    "casework.withdraw_referral": _("Withdrew a referral"),
    "casework.lapse_referral": _("A referral was lost on the way"),
    "casework.propose_agreement": _("Proposed a sharing agreement"),
    "casework.sign_agreement": _("Signed a sharing agreement"),
    "casework.refuse_agreement": _("Refused a sharing agreement"),
    "casework.end_agreement": _("Ended a sharing agreement"),
    "casework.try_emergency": _("Tried to open a record in an emergency"),
    "casework.try_emergency_by_name": _("Asked by name for a record in an emergency"),
    "casework.open_in_emergency": _("Opened a record in an emergency"),
    "casework.leave_emergency": _("Left a record opened in an emergency"),
    "casework.lapse_emergency": _("An emergency opening ended by itself"),
    "casework.review_emergency": _("Reviewed an emergency opening"),
}

"""What the rail, the trail, the drawings of states, and a person's rights show of cards."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from philoxenia_web.cards.states import APPLICATION, CARD
from philoxenia_web.ui.machines import add_machine
from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import Permission, actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.cards.policies import REDEEM, WORK  # noqa: PLC0415

    def may(permission: Permission) -> Callable[[HttpRequest], bool]:
        return lambda request: can(actor_of(request), permission)

    add_entry(Entry("front", "cards", _("City cards"), may(WORK), 70))
    add_entry(Entry("front", "card-benefits", _("Benefits of the card"), may(REDEEM), 75))
    name_actions(_ACTIONS)
    add_machine(APPLICATION, _("An application for a city card"), _WORDS)
    add_machine(CARD, _("A city card"), _WORDS)
    _register_rights()


def _register_rights() -> None:
    from philoxenia_web.cards import desk, following, issuing  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.registry.mine.parts import OwnPart, add_own_part  # noqa: PLC0415
    from philoxenia_web.registry.people.protecting import on_protected  # noqa: PLC0415
    from philoxenia_web.registry.rights.consents import on_withdrawn  # noqa: PLC0415
    from philoxenia_web.registry.rights.parts import (  # noqa: PLC0415
        Eraser,
        ExportPart,
        add_eraser,
        add_export,
        add_last_use,
    )

    add_own_part(OwnPart(30, _("City card"), "cards/own.html", desk.own_part))
    add_export(ExportPart("cards", _("City cards"), desk.exported))
    add_eraser(Eraser("cards", desk.holds, issuing.forget))
    on_withdrawn(following.agreement_withdrawn)
    on_protected(following.record_protected)
    add_last_use(lambda ids: desk.last_uses(list(ids)))


_WORDS = {
    "open": _("Documents to be looked at"),
    "seen_once": _("To be looked at by a second person"),
    "accepted": _("Accepted by two"),
    "refused": _("Refused"),
    "withdrawn": _("Withdrawn"),
    "issued": _("Issued"),
    "printed": _("Printed, to be handed over"),
    "active": _("Handed over"),
    "replaced": _("Replaced by a newer card"),
    "expired": _("Expired"),
    "see": _("see the documents"),
    "accept": _("see the same and accept"),
    "look_again": _("ask for another look"),
    "reopen": _("look again: photo or name changed"),
    "refuse": _("refuse with a reason"),
    "withdraw": _("withdraw"),
    "issue": _("issue the card"),
    "print": _("print"),
    "print_again": _("print again with a new key"),
    "hand_over": _("hand over"),
    "replace": _("replace"),
    "expire": _("expire"),
    "caseworker": _("caseworker"),
    "second caseworker": _("second caseworker"),
    "the person": _("the person"),
    "time": _("time"),
}

_ACTIONS = {
    "cards.begin_application": _("began an application for a city card"),
    "cards.set_photo": _("kept a photo for a city card"),
    "cards.see_application": _("looked at documents for a city card first"),
    "cards.accept_application": _("looked at documents for a city card second, and accepted"),
    "cards.look_again_application": _("asked for another look at documents for a city card"),
    "cards.reopen_application": _("asked for two new looks, because the name was changed"),
    "cards.refuse_application": _("refused a city card"),
    "cards.take_back_application": _("took an application for a city card back"),
    "cards.issue_application": _("closed an application with a city card"),
    "cards.issue": _("issued a city card"),
    "cards.print": _("printed a city card"),
    "cards.hand_over": _("handed a city card over"),
    "cards.withdraw_card": _("withdrew a city card"),
    "cards.replace_card": _("replaced a city card"),
    "cards.expire_card": _("noted that a city card has expired"),
    "cards.rotate_key": _("made a new key for city cards"),
    "cards.doubt_key": _("said that a key for city cards got into other hands"),
    "cards.keep_key": _("took back that a key for city cards got into other hands"),
    "cards.give_up_key": _("gave up a key for city cards, as second supervisor"),
    "cards.add_benefit": _("added a benefit of the city card"),
    "cards.set_benefit": _("ended a benefit of the city card, or began it again"),
    "cards.redeem": _("counted a use of a benefit of the city card"),
}

"""What purposes of appointments and things to bring along are called, and what the trail calls actions."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from philoxenia.reference import reference_table

PURPOSES: dict[str, Any] = {
    "first_talk": _("First conversation"),
    "next_talk": _("Conversation"),
    "city_card": _("City card"),
    "housing": _("Help with housing"),
    "money": _("Money and benefits"),
    "work": _("Work and training"),
    "school": _("School and childcare"),
    "health": _("Health"),
    "legal": _("Advice on rights"),
    "language": _("Language course"),
    "other": _("Another matter"),
}
BRING: dict[str, Any] = {
    "letters": _("Letters you have about this"),
    "number_slip": _("The slip with your number"),
    "lease": _("Your lease or rent letter"),
    "pay_slips": _("Pay slips or income letters of the last months"),
    "bank_card": _("Your bank card"),
    "school_reports": _("School reports or certificates"),
    "work_certificates": _("Work or training certificates"),
    "vaccination_record": _("Vaccination record"),
    "medicines": _("Medicines you take"),
    "health_card": _("Health card"),
    "glasses_hearing_aid": _("Glasses or hearing aid"),
    "phone_charger": _("Your phone and charger"),
    "identity_for_card": _("Something that shows who you are, to look at; nothing is copied"),
    "child_along": _("The child it is about"),
}
WEEKDAYS = (
    *(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday")),
    *(_("Saturday"), _("Sunday")),
)
ACTIONS = {
    "casework.book": _("booked an appointment"),
    "casework.move_appointment": _("moved an appointment"),
    "casework.remind_of_appointment": _("changed whether messages about an appointment are wanted"),
    "casework.cancel_appointment": _("cancelled an appointment"),
    "casework.arrive_appointment": _("noted that somebody came to an appointment"),
    "casework.hold_appointment": _("noted that an appointment took place"),
    "casework.miss_appointment": _("noted that somebody did not come to an appointment"),
    "casework.keep_room": _("wrote down a room"),
    "casework.keep_interpreter": _("wrote down an interpreter"),
    "casework.keep_hours": _("changed the hours of a worker, room or interpreter"),
    "casework.keep_absence": _("noted an absence"),
    "casework.drop_absence": _("took back an absence"),
    "casework.open_feed": _("made a calendar address"),
    "casework.end_feed": _("ended a calendar address"),
    "casework.read_feed": _("read a calendar by its address"),
    "casework.choose_messages": _("chose which messages a resident gets"),
    "casework.remind": _("sent a reminder"),
}


@cache
def purposes() -> dict[str, tuple[int, tuple[str, ...]]]:
    """Minutes and things to bring along by purpose, from the engine's table."""
    rows = reference_table("casework/appointment_purposes").iter_rows(named=True)
    return {row["code"]: (int(row["minutes"]), tuple(row["bring"].split())) for row in rows}

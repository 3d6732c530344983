"""What reasons for coming are called, and what the trail calls what is done at the queue."""

from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Any] = {
    "danger": _("Somebody is in danger"),
    "ill_now": _("Somebody is ill or in pain now"),
    "appointment": _("Has an appointment now"),
    "bed_tonight": _("Has no bed for tonight"),
    "child": _("With a baby or small child"),
    "hard_to_wait": _("Pregnant, old, or cannot stand long"),
    "deadline_today": _("Something must be handed in today"),
    "usual": _("Something else"),
}
ACTIONS = {
    "casework.make_queue": _("opened a waiting room"),
    "casework.change_queue": _("changed a waiting room"),
    "casework.renew_screen": _("made a new address for the screen of a waiting room"),
    "casework.sit_down": _("sat down at a desk of a waiting room"),
    "casework.free_desk": _("freed a desk of a waiting room"),
    "casework.leave_desk": _("left a desk of a waiting room"),
    "casework.take_ticket": _("gave out a number"),
    "casework.call_ticket": _("called a number"),
    "casework.call_again_ticket": _("called a number again"),
    "casework.begin_ticket": _("began to serve a number"),
    "casework.finish_ticket": _("finished serving a number"),
    "casework.pass_over_ticket": _("passed over a number that did not come"),
    "casework.come_back_ticket": _("put a number back in line"),
    "casework.leave_ticket": _("noted that a number left"),
    "casework.close_day_ticket": _("ended numbers of an earlier day"),
    "casework.join_ticket": _("noted whose number it is"),
}

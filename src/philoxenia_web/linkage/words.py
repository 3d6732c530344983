"""What the actions of agreements, runs and reviews are called on the page of the trail."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "linkage.propose": _("Proposed a linking agreement"),
    "linkage.sign": _("Signed a linking agreement"),
    "linkage.begin": _("A linking agreement began"),
    "linkage.propose_extension": _("Proposed to extend a linking agreement"),
    "linkage.extend": _("A linking agreement was extended"),
    "linkage.end": _("Ended a linking agreement"),
    "linkage.run_start": _("Asked for lists to be linked"),
    "linkage.run_retry": _("Asked for a run of linkage again"),
    "linkage.run_cancel": _("Cancelled a run of linkage"),
    "linkage.run_finish": _("A run of linkage was finished"),
    "linkage.run_fail": _("A run of linkage failed"),
    "linkage.read_cells": _("Read the counts of a run of linkage"),
    "linkage.answer": _("Answered a doubtful pair"),
    "linkage.take_back": _("Took back an answer about a doubtful pair"),
    "linkage.decide": _("A doubtful pair was decided"),
}

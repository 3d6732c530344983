"""What the actions of agreements are called on the page of the trail."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "linkage.propose": _("Proposed a linking agreement"),
    "linkage.sign": _("Signed a linking agreement"),
    "linkage.begin": _("A linking agreement began"),
    "linkage.propose_extension": _("Proposed to extend a linking agreement"),
    "linkage.extend": _("A linking agreement was extended"),
    "linkage.end": _("Ended a linking agreement"),
}

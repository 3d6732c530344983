"""What the actions of this app are called on the page of the trail."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "registry.make_key": _("Made the key of an agreement"),
    "registry.extend_key": _("Made the key of an agreement open longer"),
    "registry.destroy_key": _("Destroyed the key of an agreement"),
    "registry.begin_list": _("Began to hand in a list of people"),
    "registry.receive_list": _("Handed in the file of a list of people"),
    "registry.give_up_list": _("Gave up a list of people"),
    "registry.answer_check": _("Answered the check of a list of people"),
    "registry.check_list": _("Checked a list of people"),
    "registry.accept_list": _("Accepted a list of people for an agreement"),
    "registry.withdraw_list": _("Withdrew a list of people"),
    "registry.read_list": _("Read a list of people for a run"),
    "registry.read_records": _("Read records of people"),
}

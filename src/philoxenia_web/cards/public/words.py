"""What the script of the page says, in the page's language."""

from django.utils.translation import gettext as _


def sentences() -> dict[str, str]:
    """By the names the script knows. `{...}` stay for the script."""
    return {
        "good": _("This card is good"),
        "unsure": _("This card is real; whether it was withdrawn is not known"),
        "early": _("This card is not good yet"),
        "expired": _("This card has expired"),
        "withdrawn": _("This card was withdrawn"),
        "forged": _("This is not a card of the city"),
        "good_more": _(
            "Compare the photo with the person in front of you, and the name with what you type below."
        ),
        "unsure_more": _(
            "The signature is the city's. Connect to the network and look again, or decide without knowing."
        ),
        "early_more": _("It is good from {from}."),
        "expired_more": _("It was good until {until}. It can be renewed at the city office."),
        "withdrawn_more": _(
            "It was reported lost or stolen, or replaced by a newer one. Do not keep it and do not call the "
            "police for this alone: ask the person to go to the city office."
        ),
        "forged_more": _(
            "The signature does not fit, or is of a key that the city does not use. Look at the whole code "
            "once more before you decide."
        ),
        "until": _("Good until {until}"),
        "list_age": _("Withdrawn cards as of {when}"),
        "list_none": _("The list of withdrawn cards is not on this device yet."),
        "list_old": _("The list of withdrawn cards on this device is of {when}: too old to rely on."),
        "list_packed": _("This browser cannot read the list of withdrawn cards. Update it, or use another."),
        "clock": _("The clock of this device seems to be wrong: the newest list is of {when}."),
        "looking": _("Looking for a newer list …"),
        "code": _("This is not the code of a city card. Scan it again, or type all four lines."),
        "line": _("Line {line} of the code has a slip. Compare it with the card."),
        "no_keys": _("Open this page once with a network: then it works without one."),
        "fits": _("This name was signed for this card."),
        "fits_not": _("This is not the name that was signed for this card. Check the spelling."),
        "kept": _("This page works without a network on this device."),
        "not_kept": _("This page is not kept on this device yet: it needs the network."),
        "camera_no": _(
            "The camera cannot be used here. Open the camera of the phone instead, or type the code."
        ),
        "camera_stop": _("Stop the camera"),
        "point": _("Hold the square code of the card in front of the camera."),
    }

"""The lives of a device that took cases along, and of a conflict it brought back."""

from philoxenia.vocabulary.states import Machine, step

_ANYBODY = "caseworker or supervisor"

DEVICE = Machine(
    "device",
    ("in_use", "revoked", "wiped"),
    "in_use",
    (
        step("revoke", "in_use", "revoked", _ANYBODY),
        # The device says so itself, at its next contact.
        step("wipe", ("in_use", "revoked"), "wiped", "device"),
    ),
)

CONFLICT = Machine(
    "conflict",
    ("open", "decided"),
    "open",
    (step("decide", "open", "decided", _ANYBODY),),
)

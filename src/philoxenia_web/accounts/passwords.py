"""Rules for passwords beside their least length: not longer than can be hashed fast, and not common.

The list of common passwords is Django's (20,000, sorted by use). Variants of them count too: a common word
with digits and signs around it is the first thing that is guessed.
"""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator as DjangosCommonPasswords
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128
# What people put around a word to satisfy rules.
_DECORATION = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class MaximumLengthValidator:
    """Refuses what is too long to be hashed without letting an attacker keep us busy."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise a sentence for a password that is too long."""
        if len(password) > LONGEST:
            raise ValidationError(
                _("This password is longer than %(most)d characters.") % {"most": LONGEST}, code="too_long"
            )

    def get_help_text(self) -> str:
        """Nothing: nobody types so many by chance."""
        return ""


class CommonPasswordValidator(DjangosCommonPasswords):
    """Refuses common passwords, also decorated or written again and again."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise a sentence for a password that others use too."""
        plain = password.lower().strip()
        bare = _DECORATION.sub("", plain)
        once = _repeated_part(plain)
        if {plain, bare, once} & self.passwords or "philoxenia" in plain or len(set(plain)) < 5:
            raise ValidationError(
                _("Too many people use this password, or one like it. Take three or four words by chance."),
                code="common",
            )

    def get_help_text(self) -> str:
        """What to choose instead."""
        return _(
            "At least 12 characters. Three or four words by chance are good. No signs or digits are needed."
        )


def _repeated_part(text: str) -> str:
    """The part of which a text is made by repeating it; the text itself if there is none."""
    start = (text + text).find(text, 1)
    return text[:start]

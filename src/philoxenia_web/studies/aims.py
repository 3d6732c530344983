"""What a plan can aim at, in plain words with what follows from it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

AIMS: tuple[tuple[str, Promise, Promise], ...] = (
    (
        "mean",
        gettext_lazy("The most on average"),
        gettext_lazy("Whatever brings most over all futures together. Bad futures may be bad."),
    ),
    (
        "cvar",
        gettext_lazy("The most in bad times"),
        gettext_lazy(
            "Whatever brings most in the worst futures, however many you say below. Costs some average."
        ),
    ),
    (
        "regret",
        gettext_lazy("The least to be sorry about"),
        gettext_lazy("Never far behind what would have been best, whichever future comes."),
    ),
)

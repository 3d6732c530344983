"""The process that computes one attempt of a study: `python -m philoxenia_web.studies.runner STUDY LEASE`.

It reads the study and its inputs, computes without touching the database again, writes into the attempt's own
folder and tells its worker, line by line on standard output, how far it is. It decides nothing.
"""

import logging
import os
import sys
from uuid import UUID

import django
from django.core.exceptions import PermissionDenied
from django.http import Http404

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.attempts.inside import Channel, be_modest, end_with_our_worker, progress

REFUSED = 3


def main(arguments: list[str]) -> int:
    """Compute; what is wrong with inputs or parameters is told as a sentence."""
    end_with_our_worker()
    be_modest()
    channel = Channel()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    django.setup()
    from philoxenia_web.studies import computing  # noqa: PLC0415 (needs Django to be set up)

    try:
        summary = computing.compute(UUID(arguments[0]), UUID(arguments[1]), progress(channel))
    except (PhiloxeniaError, PermissionDenied, Http404) as fault:
        channel.tell(fault=str(fault) or "The study or one of its inputs is not there any more.")
        return REFUSED
    except MemoryError:
        logging.exception("Too little memory")
        channel.tell(fault="There was too little memory for this study.")
        return REFUSED
    channel.tell(done=summary)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The investment case as a file: the one of the run, or made once for an action, funder and language.

Owns where cases lie (`var/pages/cases`, which may be deleted at any time); ignores what they say.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext, override

from philoxenia.lake.source import engine_fingerprint
from philoxenia.report.foresight import Foresight, write_case
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.queries import result_folder

_WEB = Path(__file__).resolve().parents[2]


def kept_case(study: Study, found: Foresight, action: str, funder: str, language: str) -> Path:
    """The file, from disk or made now. Raises `ReportError` where it cannot be made."""
    ready = result_folder(study) / "case.pdf"
    if language == "en" and not action and not funder and ready.is_file():
        return ready
    path = _place(study, action, funder, language)
    if not path.is_file():
        with override(language):
            write_case(
                found, path, action=action or None, funder=funder or None, language=language, words=gettext
            )
    return path


def _place(study: Study, action: str, funder: str, language: str) -> Path:
    parts = [_program(language), str(study.pk), study.result, study.result_hash, action, funder, language]
    key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return Path(settings.ENVIRONMENT.var) / "pages" / "cases" / f"{key}.pdf"


@cache
def _program(language: str) -> str:
    """A hash of the engine and of the words of a language: another version never sends an old case."""
    digest = hashlib.sha256(engine_fingerprint().encode())
    for path in sorted((_WEB / "ui" / "locale" / language).glob("LC_MESSAGES/*.mo")):
        digest.update(path.read_bytes())
    return digest.hexdigest()

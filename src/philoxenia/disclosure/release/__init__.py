"""A spec plus a table: checked by an attacker with all earlier releases, entered in a ledger, or refused."""

from philoxenia.disclosure.release.checking import ReleaseRefused
from philoxenia.disclosure.release.releasing import Release, release
from philoxenia.disclosure.release.spec import Spec, read_spec, spec_of
from philoxenia.disclosure.release.writing import write_release

__all__ = ["Release", "ReleaseRefused", "Spec", "read_spec", "release", "spec_of", "write_release"]

"""Static files lie packed for those who ask: tightly for telephones, quickly for programmers."""

import brotli
import pytest

from philoxenia_web.ui import made
from philoxenia_web.ui.storage import LIGHT_BYTES, Packer

# Words that do not only repeat: packing them is work.
HEAVY = b"".join(b"%d newcomers, %d beds; " % (one, one * one % 9973) for one in range(20_000))


@pytest.mark.parametrize("name", made.MADE)
def test_what_every_page_loads_is_packed_as_tightly_as_can_be(name: str) -> None:
    whole = made.MADE[name]().encode()
    packed = Packer(quiet=True).compress_brotli(whole)
    assert len(whole) < LIGHT_BYTES
    assert packed == brotli.compress(whole, quality=11)


def test_a_heavy_file_is_packed_otherwise_and_whole() -> None:
    packed = Packer(quiet=True).compress_brotli(HEAVY)
    assert len(HEAVY) > LIGHT_BYTES
    assert packed == brotli.compress(HEAVY, quality=9)
    assert brotli.decompress(packed) == HEAVY

"""A world in which somebody can be referred."""

import pytest
from tests.web.casework_referrals.referral_world import World, world


@pytest.fixture
def front(db: None) -> World:
    """A desk, a partner, an agreement between them, somebody who agreed."""
    return world()

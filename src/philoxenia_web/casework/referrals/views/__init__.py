"""Pages of referrals, agreements and emergency openings."""

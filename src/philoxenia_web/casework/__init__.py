"""The front door: needs, plans, referrals and appointments of people whose record is in the registry."""

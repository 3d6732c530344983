"""Referrals and transfers: sent, taken or declined, and what became of them."""

"""The record of a household at the desk: search first, open with a reason, note, plan."""

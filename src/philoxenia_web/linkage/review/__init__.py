"""Doubtful pairs, shown to reviewers one by one; two of them decide."""

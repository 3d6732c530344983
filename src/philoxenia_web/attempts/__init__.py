"""Attempts at a long computation: one process each, held by a lease, begun again after a kill.

Studies and linkage runs are computed so. Each says in its own `running` and `runner` what it does in its own
way.
"""

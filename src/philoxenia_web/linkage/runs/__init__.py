"""Linking the lists of an agreement: asked for by a steward, computed in a process of its own, kept
sealed.
"""

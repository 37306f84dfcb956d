"""Draws invented holders' cards, and captures of them as a backlog holds them, with their truth.

Nothing here is imported by `pipeline/`, and nothing of `pipeline/` or `configs/` is used here: the
reader is never told how a specimen was drawn.
"""

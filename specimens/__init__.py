"""Draws invented holders' identity cards, and captures of them as a backlog holds them, each with
its truth.

Nothing here is imported by `pipeline/`, and nothing of `pipeline/` or `configs/` is used here: the
reader is never told how a specimen was drawn.
"""

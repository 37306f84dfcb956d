"""Trains the recogniser that the pipeline ships: draws lines of print, learns to read them.

Nothing here is needed to run or test the pipeline.
"""

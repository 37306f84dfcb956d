"""Documentation; `generate.py` writes the parts that the code already says."""

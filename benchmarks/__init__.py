"""Programs that measure the pipeline; each prints a table and writes the figures as JSON."""

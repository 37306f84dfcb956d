"""Reads pictures of Peruvian identity cards in bulk and writes what they say as Parquet tables."""

import logging

__version__ = "0.1.0"

# Beam says so at every import, whether or not BigQuery is wanted
logging.getLogger().addFilter(lambda record: "apitools not found" not in str(record.msg))

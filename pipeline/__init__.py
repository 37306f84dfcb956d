"""Reads pictures of Peruvian identity cards in bulk and writes what they say as Parquet tables."""

__version__ = "0.1.0"

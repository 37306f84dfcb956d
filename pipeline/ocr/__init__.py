"""Pixels to lines of text: decoding, geometry, finding cards and lines, engines. Knows no card."""

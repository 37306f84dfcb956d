"""The detector of text: drawn pages, marked by a larger detector, and a network that learns it."""

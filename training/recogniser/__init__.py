"""The recogniser: drawn lines of print, and a network that learns to read them."""

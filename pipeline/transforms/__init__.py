"""The stages of the graph: what Beam has to know, and nothing of pixels or cards."""

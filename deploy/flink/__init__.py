"""A Flink cluster of this machine's own, and the way onto one that exists."""

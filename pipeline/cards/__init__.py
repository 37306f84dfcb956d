"""Lines of text to fields of a card: layouts, labels, kinds of value, rules. Knows no pixels."""

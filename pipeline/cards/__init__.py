"""Lines of text to the fields of a card: layouts, labels, kinds of value, rules. Knows no pixels."""

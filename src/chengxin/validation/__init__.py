"""Verb 2, validate: a raw table becomes accepted rows, every finding of every row, and the file handed back."""

"""Verb 4, record: rows become versions; the current state of each record is the latest version by its source's order."""

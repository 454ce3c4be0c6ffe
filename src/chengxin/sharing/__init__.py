"""Verb 5, share and publish: one decision says what a reader may see, and one condition says of which records."""

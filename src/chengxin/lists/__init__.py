"""Verb 6, check: which list entries and adverse records of a subject are in force on a day, why, and until when."""

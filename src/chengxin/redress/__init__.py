"""Verb 8, decide: what a subject asks for, and how it is answered. Pure: no store, no clock."""

"""Verb 7, compose: what the gate lets out of a subject becomes one report, the same on the page, as JSON and on paper."""

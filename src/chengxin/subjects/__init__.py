"""Verb 3, resolve: accepted rows learn whom they are about, or wait for a human."""

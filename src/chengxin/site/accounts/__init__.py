"""Signing in: names, passwords, second factors, one's own account. The work is django-allauth's, words and pages are ours."""

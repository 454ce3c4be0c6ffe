"""The public site: pages that anybody may open, without an account and without a script."""

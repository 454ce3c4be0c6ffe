"""The desk of a department: what it sends, reviews, checks."""

"""The desk of a subject: what is held about it, and what it may do about it."""

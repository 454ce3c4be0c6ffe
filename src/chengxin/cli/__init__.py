"""The command line: one file per verb, nothing but asking, calling and telling."""

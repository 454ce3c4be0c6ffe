"""One script per figure that we claim. Each prints a ratio against a peer or the limit, measured in the same run."""

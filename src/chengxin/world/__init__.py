"""A made-up district with known truth: for the demonstration, the tests and training. Begin with `make.py`."""

"""The way of a record: calls the stages in order. Begin with `way.py`."""

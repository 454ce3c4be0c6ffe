"""Chengxin: the open platform for public credit information. The way of a record starts in `flow/way.py`."""

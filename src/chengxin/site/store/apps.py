"""The one Django application of ours that has tables."""

from importlib import import_module

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The store."""

    name = "chengxin.site.store"
    label = "store"

    def ready(self) -> None:
        """Register the checks; they need the models."""
        import_module("chengxin.site.store.checks")

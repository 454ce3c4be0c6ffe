"""The one Django application of ours that has tables."""

from importlib import import_module

from django.apps import AppConfig

from chengxin.site import confirmed
from chengxin.standards.confirmed import confirmations_from


class StoreConfig(AppConfig):
    """The store."""

    name = "chengxin.site.store"
    label = "store"

    def ready(self) -> None:
        """Register the checks, which need the models; and where the catalogue finds what this site has confirmed."""
        import_module("chengxin.site.store.checks")
        confirmations_from(confirmed.here)

"""The one Django application that has tables."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The store."""

    name = "chengxin.site.store"
    label = "store"

"""What a site in service must not have: accounts and keys that were made for a demonstration."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from chengxin.site.store.models import Account, ApiKey
from chengxin.values.errors import Refused, Said


def demo_left() -> list[str]:
    """Login names of accounts and names of living keys that were made for a demonstration."""
    accounts = Account.objects.filter(demo=True).order_by("login").values_list("login", flat=True)
    keys = ApiKey.objects.filter(demo=True, revoked_at=None).order_by("created_at").values_list("name", flat=True)
    return [*accounts, *keys]


def refuse_demo_left() -> None:
    """Refuses to put a site in service that has any. Raises Refused."""
    if not settings.ABOUT.demo and (left := demo_left()):
        names = "、".join(left[:10])
        zh = f"正式站点里有演示用的账号或密钥（{names}），不能启动。请另建站点：演示站点不能改作正式站点。"
        en = f"A site in service has accounts or keys of a demonstration ({names}). Make a new site for service."
        raise Refused("demo-left", Said(zh, en))


@register(Tags.security, deploy=True)
def nothing_of_a_demonstration(app_configs: Any, **more: Any) -> list[CheckMessage]:
    """The same for `manage.py check --deploy`."""
    try:
        refuse_demo_left()
    except Refused as refusal:
        return [Error(f"{refusal.said.zh} {refusal.said.en}", id="chengxin.E001")]
    except DatabaseError:  # no tables yet, so no accounts
        pass
    return []

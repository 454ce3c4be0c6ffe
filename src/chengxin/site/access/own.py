"""Whose file an account opens: of whom it speaks for, or the person it is. It follows from the account, never the request."""

import polars as pl

from chengxin.site.access.asked import Asked
from chengxin.site.access.subjects import ALIVE, Subject, led_to, with_same
from chengxin.site.store.bulk import few_where
from chengxin.site.store.models import Account
from chengxin.standards.readers import Kind, View

_PERSON = f"SELECT i.subject FROM store_identifier i WHERE i.value = %s AND i.kind = 'person' AND {ALIVE.format('i')}"  # noqa: S608


def own_group(asked: Asked, account: Account) -> list[Subject]:
    """Whom the account is or speaks for, with those judged to be the same; nobody while nothing of them is held.

    Raises LookupError at an outlet that is not the subject's own: nobody else opens a person's file by an account.
    """
    if asked.outlet.view is not View.SELF:
        raise LookupError(f"{asked.outlet.name} is not the subject's own")
    if account.person:
        return _person(asked, account)
    found = led_to(asked, account.organisation)
    return with_same(asked, found[0]) if found else []


def _person(asked: Asked, account: Account) -> list[Subject]:
    """The person, called as the account is, which was verified when it was made: no name or number stands in the registers."""
    if Kind.PERSON not in asked.kinds():
        return []
    now = (asked.at.committed, asked.at.committed)
    rows = few_where(_PERSON, {"id": pl.String}, [account.person, *now])
    return [
        Subject(row["id"], "", account.name, "", Kind.PERSON, "person", (), (), status=None, status_on=None)
        for row in rows
    ]

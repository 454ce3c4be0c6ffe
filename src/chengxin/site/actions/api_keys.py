"""API keys of authorities: made and shown once, found by their digest, limited to resources, purposes and days."""

import hashlib
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.db import transaction
from django.utils import timezone
from msgspec import json

from chengxin.site.actions.accounts import Change, Giver, write
from chengxin.site.actions.authorities import Body
from chengxin.site.store.bulk import Schema, one_trip
from chengxin.site.store.models import ApiKey, Authority
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Purpose, Resource
from chengxin.standards.readers import Reader, View
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

PREFIX = "cx_"  # so that a key that got somewhere is recognised by whoever looks for keys
LONGEST_NAME = 60
LONGEST = 366  # days that a key lives at most
PROGRAM = "key:"  # with which, before the key's id, begins how a program is named where it sends or looks
OWN = "own_records"  # the purpose of sending
_USUAL = {Body.DEPARTMENT.value: OWN, Body.PARTNER.value: "publicity", Body.UPPER.value: "upper_platform"}


@dataclass(frozen=True)
class Scope:
    """What a key may be used for. None: all that its authority may report; sending alone; a year.

    Of a body that reports nothing: all resources that it may take over, and what it is here for.
    """

    resources: Collection[str] | None = None
    purposes: Collection[str] | None = None
    expires_on: date | None = None


def give_key(
    code: str, by: Giver, name: str = "命令行", scope: Scope = Scope(), demo: bool = False
) -> tuple[ApiKey, str]:
    """A fresh key for an authority; the earlier one of the same name ends. The key itself is shown this once. Raises Refused."""
    authority = Authority.objects.filter(code=code, active=True).first()
    if authority is None or (by.body is not None and by.body != code):
        raise Refused("unknown-authority", Said(f"没有代码为 {code} 的机关。", f"No authority has the code {code}."))
    resources, purposes, expires_on = checked(authority, name, scope)
    key = PREFIX + secrets.token_urlsafe(32)
    name = name.strip()
    with transaction.atomic():
        Authority.objects.select_for_update().get(code=code)  # two who make one at once come one after the other
        for old in ApiKey.objects.filter(authority=authority, name=name, revoked_at=None):
            _end(old, by)
        row = ApiKey.objects.create(
            id=uuid.UUID(new_id()), authority=authority, name=name, digest=_digest(key), resources=resources, purposes=purposes,
            created_by=by.told, created_at=timezone.now(), expires_on=expires_on, demo=demo,
        )  # fmt: skip
        write(by, Change.KEY_MADE, row.id.hex, code, name=name, resources=resources, purposes=purposes)
    return row, key


def revoke_key(identity: str, by: Giver) -> ApiKey:
    """End a key at once. Raises Refused; a key of another body is as one that is not there."""
    with transaction.atomic():
        try:
            key = ApiKey.objects.filter(id=uuid.UUID(identity), revoked_at=None).first()
        except ValueError:
            key = None
        if key is None or (by.body is not None and key.authority_id != by.body):
            raise Refused("no-key", Said("没有这把密钥，或它已撤销。", "There is no such key, or it was revoked."))
        _end(key, by)
    return key


def keys_of(by: Giver) -> list[ApiKey]:
    """All keys that may be managed by, the living first."""
    rows = ApiKey.objects.select_related("authority").order_by("-created_at")
    found = list(rows if by.body is None else rows.filter(authority_id=by.body))
    return sorted(found, key=lambda k: k.revoked_at is not None)


@dataclass(frozen=True)
class Holder:
    """Who presented a key: its id and name, the body it is of, what it may be used for."""

    id: str
    name: str
    authority_id: str
    authority_name: str
    resources: tuple[str, ...]
    purposes: tuple[str, ...]

    def may(self, resource: str | None = None, purpose: str | None = None) -> None:
        """Raises Refused (key-scope) if the key is not for this."""
        catalogue = load_catalogue(legal_today())
        beyond = []
        if resource and resource not in self.resources:
            beyond.append(_called(Said("信息类", "the kind"), catalogue.resources.get(resource)))
        if purpose and purpose not in self.purposes:
            beyond.append(_called(Said("用途", "the purpose"), catalogue.purposes.get(purpose)))
        if beyond:
            zh, en = "和".join(b.zh for b in beyond), " and ".join(b.en for b in beyond)
            raise Refused("key-scope", Said(f"这把密钥不能用于{zh}。", f"This key may not be used for {en}."))


def _called(what: Said, known: Resource | Purpose | None) -> Said:
    """A kind or purpose by its title; what the catalogue does not know is not repeated."""
    if known is None:
        return Said(f"所写的{what.zh}（目录中没有）", f"{what.en} that is named, which the catalogue does not have")
    return Said(f"{what.zh}“{known.title.zh}”", f"{what.en} “{known.title.en}”")


_HELD = """SELECT k.id, k.name, k.authority_id, a.name, CAST(k.resources AS text), CAST(k.purposes AS text), k.last_used_on
FROM store_apikey k JOIN store_authority a ON a.code = k.authority_id
WHERE k.digest = %s AND k.revoked_at IS NULL AND k.expires_on >= %s AND a.active"""
_HOLDER: Schema = {"id": pl.String, "name": pl.String, "authority_id": pl.String, "authority_name": pl.String} | {
    "resources": pl.String,
    "purposes": pl.String,
    "last_used_on": pl.Date,
}


def presented(key: str, resource: str | None = None, purpose: str | None = None) -> Holder:
    """Who holds the key that was presented, by one query, if it lives and may be used for this.

    Raises Refused (wrong-key, key-scope).
    """
    today = legal_today()
    for row in one_trip(_HELD, _HOLDER, (_digest(key), today.isoformat())):
        if row.pop("last_used_on") != today:  # one write a day
            ApiKey.objects.filter(id=row["id"]).update(last_used_on=today)
        resources, purposes = (tuple(json.decode(row.pop(name))) for name in ("resources", "purposes"))
        holder = Holder(**row, resources=resources, purposes=purposes)
        holder.may(resource, purpose)
        return holder
    raise Refused("wrong-key", Said("机关密钥无效。", "This is no authority's key."))


def purposes_for(authority: Authority) -> list[str]:
    """Names of the purposes that a key of an authority may name, on the legal day."""
    known = load_catalogue(legal_today()).purposes.values()
    if authority.kind != Body.DEPARTMENT:
        views = (View.PUBLISHED, View.UPLOADED) if authority.kind == Body.UPPER else (View.PUBLISHED,)
        return [p.name for p in known if p.view in views and not p.draft]
    return [p.name for p in known if Reader.AUTHORITY in p.readers and Reader.PUBLIC not in p.readers and not p.draft]


def checked(authority: Authority, name: str, scope: Scope) -> tuple[list[str], list[str], date]:
    """Resources, purposes and last day of a key that this body may have. Raises Refused."""
    if not 0 < len(name.strip()) <= len(name) <= LONGEST_NAME:
        zh = f"请给密钥起个名字，如“业务系统一”，不超过 {LONGEST_NAME} 字。"
        raise Refused("key-name", Said(zh, f"Give the key a name, of {LONGEST_NAME} characters at most."))
    reports = authority.kind == Body.DEPARTMENT
    most = authority.resources if reports else load_catalogue(legal_today()).resources
    resources = sorted(most if scope.resources is None else scope.resources)
    purposes = sorted((_USUAL[authority.kind],) if scope.purposes is None else scope.purposes)
    if not resources or not set(resources) <= set(most):
        raise Refused(
            "key-scope", Said("密钥只能用于本机关报送的信息类。", "A key is for resources that its body reports.")
        )
    if not purposes or not set(purposes) <= set(purposes_for(authority)):
        raise Refused("key-scope", Said("密钥只能用于本机关可用的用途。", "A key is for purposes that its body has."))
    today = legal_today()
    expires_on = scope.expires_on or today + timedelta(days=LONGEST - 1)
    if not today <= expires_on <= today + timedelta(days=LONGEST):
        raise Refused("key-days", Said(f"密钥有效期最长 {LONGEST} 天。", f"A key lives {LONGEST} days at most."))
    return resources, purposes, expires_on


def _end(key: ApiKey, by: Giver) -> None:
    ApiKey.objects.filter(id=key.id).update(revoked_at=timezone.now())
    write(by, Change.KEY_REVOKED, key.id.hex, key.authority_id, name=key.name)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

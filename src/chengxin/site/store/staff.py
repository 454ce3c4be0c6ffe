"""Tables of people and programs that sign in: accounts, API keys, and every change of them. None of it is in the registers."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models

from chengxin.sharing.roles import Role, Seating, in_order

LOGIN = r"^[a-z0-9][a-z0-9._-]{1,39}$"


class Accounts(BaseUserManager["Account"]):
    """Accounts are found by their login name, whatever its case; they are made by `actions.accounts`."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """By login name. Raises Account.DoesNotExist."""
        return self.get(login=(username or "").lower())


class Account(AbstractBaseUser):
    """Somebody who signs in: a member of an authority's or the office's staff, or a subject's or partner's person.

    `roles`: codes of `sharing.roles.Role`, read afresh at each request with the account itself, so that a role that was
    taken away is gone at once; each change of them stands in `StaffChange`. There is no superuser.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    login = models.CharField(max_length=40, unique=True, validators=[RegexValidator(LOGIN)])
    name = models.CharField(max_length=60)
    authority = models.ForeignKey(
        "store.Authority", models.PROTECT, null=True
    )  # of a department's or partner's account
    organisation = models.CharField(
        max_length=18, blank=True
    )  # credit code of whom a subject's or partner's account speaks for
    person = models.CharField(max_length=32, blank=True)  # of a person's own account: the token of the verified number
    roles = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)  # false: disabled, or ended for good on `ended_on`
    ended_on = models.DateField(null=True)
    demo = models.BooleanField(default=False)  # made up, for demonstration sites only
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Accounts] = Accounts()

    @property
    def holds(self) -> frozenset[Role]:
        """Its roles; one that is in no list any more is none."""
        known = set(Role)
        return frozenset(Role(code) for code in self.roles if code in known)

    @property
    def listed(self) -> list[Role]:
        """Its roles in the order of the list."""
        return in_order(self.holds)

    @property
    def seating(self) -> Seating | None:
        """Where it sits; None without a role."""
        return next((role.seating for role in sorted(self.holds)), None)


class ApiKey(models.Model):
    """A key that an authority's program presents. Only the digest of the key is kept; the key is shown once."""

    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey("store.Authority", models.PROTECT)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    resources = models.JSONField(default=list)  # names of the resources it may send or ask about
    purposes = models.JSONField(default=list)  # names of the purposes it may name
    created_by = models.TextField()
    created_at = models.DateTimeField()
    expires_on = models.DateField()  # the last day, that day included
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)
    demo = models.BooleanField(default=False)

    class Meta:
        """Of one name one key lives."""

        constraints: ClassVar = [
            models.UniqueConstraint("authority", "name", condition=models.Q(revoked_at=None), name="key_once"),
        ]


class StaffChange(models.Model):
    """One change of an account or key: who did what to whom, when. Rows are added and never changed."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    by = models.TextField()  # login name, or the command line
    what = models.CharField(max_length=20)  # a code of `actions.accounts.Change`
    about = models.CharField(max_length=60, db_index=True)  # login name, or id of the key
    authority = models.CharField(max_length=18, blank=True)
    detail = models.JSONField(default=dict)  # such as the roles before and after; no secret


class Tried(models.Model):
    """Counters of attempts to sign in, and codes that were used: a cache that all processes share (`DatabaseCache`)."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

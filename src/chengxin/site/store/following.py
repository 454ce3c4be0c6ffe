"""Tables of the feed and of the exchange with the upper platform: who took over how much, packages, what came back of them."""

from typing import ClassVar

import msgspec
from django.db import models

from chengxin.sharing.feed import Place


class Checked(models.Model):
    """A word about a record: it does not fit the log any more, or it does again. `number` counts on without a gap.

    It is no change set, since nobody decided it; the feed tells of it by its own numbers (`sharing.feed.Step.CHECKED`).
    """

    number = models.IntegerField(primary_key=True)
    record = models.UUIDField()
    fits = models.BooleanField()
    at = models.DateTimeField()


class Taker(models.Model):
    """How much a body took over at one outlet of the feed, and what of it it has confirmed. One row for both."""

    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey("store.Authority", models.PROTECT)
    outlet = models.CharField(max_length=40)
    began = models.IntegerField()  # what had ended by then it was never told of
    began_checked = models.IntegerField()  # nor of what was doubted by then
    told_included = models.IntegerField()  # the furthest that it was told of
    told_at = models.DateTimeField()
    confirmed = models.JSONField(null=True)  # the place, as `sharing.feed.Place`
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        """One row a body and outlet."""

        constraints: ClassVar = [models.UniqueConstraint("authority", "outlet", name="taker_once")]

    @property
    def place(self) -> Place | None:
        """The place that was confirmed; None before the first word."""
        return msgspec.convert(self.confirmed, Place) if self.confirmed else None


class Package(models.Model):
    """What was written for the upper platform: its feed from one cursor to another, in one file."""

    id = models.UUIDField(primary_key=True)
    number = models.IntegerField(unique=True)
    made_at = models.DateTimeField()
    day = models.DateField()
    begins = models.TextField(blank=True)  # cursors; "" is the beginning of all
    ends = models.TextField()
    place = models.JSONField()  # where it ends, as `sharing.feed.Place`
    receiver = models.CharField(max_length=18)
    name = models.TextField()  # of the file
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)  # rows by data file
    state = models.CharField(max_length=10)  # made | received | replaced
    receipt = models.JSONField(default=dict)
    receipt_digest = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(null=True)


class Returned(models.Model):
    """A row that the upper platform did not take, in its words, for the body whose row it is."""

    id = models.UUIDField(primary_key=True)
    package = models.ForeignKey(Package, models.PROTECT)
    row = models.IntegerField()  # in the data file, from 1
    record = models.UUIDField()  # the version that was told
    resource = models.CharField(max_length=40)
    authority = models.CharField(max_length=18)  # who sent it
    field = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=80, blank=True)
    message = models.TextField()
    at = models.DateTimeField()

    class Meta:
        """Lists of a body, newest first."""

        indexes: ClassVar = [models.Index(fields=["authority", "-at"], name="returned_of_body")]


class Reconciled(models.Model):
    """One comparison with what the upper platform holds: as of which package, how many days and rows, what differs."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    package = models.ForeignKey(Package, models.PROTECT)
    digest = models.CharField(max_length=64, unique=True)  # of the file that came
    days = models.IntegerField()
    rows = models.IntegerField()
    differences = models.JSONField(default=list)

"""Tables of what programs and officers were answered: checks with their receipts, answers kept for repeats, what was spent."""

from typing import ClassVar

from django.db import models


class Check(models.Model):
    """One answer to "what is in force about this subject today", written together with its Looks before it leaves.

    With `change_set`, `log_size` and `catalogue` the answer can be made again from the registers, whose versions are never
    overwritten; `digest` says whether it is the same. What was asked stands here as a keyed token only.
    """

    id = models.UUIDField(primary_key=True)  # the receipt's number
    request = models.UUIDField()  # of its Looks
    at = models.DateTimeField()
    day = models.DateField()  # the legal day it is about
    outlet = models.CharField(max_length=40)
    who = models.TextField()  # account or key
    body = models.CharField(max_length=18)
    purpose = models.CharField(max_length=40)
    matter = models.CharField(max_length=40)
    case_number = models.TextField(blank=True)
    asked = models.CharField(max_length=22)  # token of the number that was typed
    subject = models.UUIDField(null=True)  # null: nobody found, or nothing that may be told
    person = models.BooleanField()
    change_set = models.IntegerField()  # up to which burdens counted
    ended_in = models.IntegerField()  # up to which what had ended was left out
    log_size = models.BigIntegerField()
    catalogue = models.CharField(max_length=64)  # digest of the rules in force
    entries = models.JSONField(default=list)  # ids of the versions that were answered, in their order
    withheld = models.IntegerField(default=0)  # records that did not fit the log
    digest = models.CharField(max_length=64)  # SHA-256 of what was answered (`actions.checks`)

    class Meta:
        """A body looks back at its own, newest first; persons are counted by day and by who asks."""

        indexes: ClassVar = [
            models.Index("body", "at", name="check_body"),
            models.Index("who", "day", condition=models.Q(person=True), name="check_persons"),
        ]


class Repeat(models.Model):
    """The answer to a request with an `Idempotency-Key`, kept for some days. Without `status` it is still being made."""

    id = models.CharField(max_length=64, primary_key=True)  # SHA-256 of body and key
    digest = models.CharField(max_length=64)  # of what was sent
    status = models.SmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)


class Spent(models.Model):
    """How many requests somebody has spent in a window: a key's id, or a keyed token of an address."""

    name = models.CharField(max_length=40, primary_key=True)
    window = models.BigIntegerField(db_index=True)  # its number: seconds since 1970 divided by its length
    used = models.IntegerField()

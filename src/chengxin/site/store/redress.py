"""The table of objections: a subject says that a record of its own is wrong; where it is, who decided, in which change sets."""

from typing import ClassVar

from django.db import models


class Objection(models.Model):
    """One objection to one act (`key`), raised when it stood as version `record`.

    The act is marked from change set `since` on. Rejected or taken back, until `until`. Upheld in `upheld_in`, only those
    versions stay marked that stood then: what is corrected bears no mark.
    """

    id = models.UUIDField(primary_key=True)
    key = models.UUIDField()
    record = models.UUIDField()
    subject = models.UUIDField()
    resource = models.CharField(max_length=40)
    sender = models.CharField(max_length=18)  # the body that sent it, to which it may be sent
    ground = models.CharField(max_length=20)
    statement = models.TextField()
    shown = models.BooleanField()  # the subject wants its statement beside the record
    raised_by = models.CharField(max_length=40)  # login name
    raised_on = models.DateField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10)  # of `redress.objection.State`
    sent_by = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    since = models.IntegerField()
    upheld_in = models.IntegerField(null=True)
    until = models.IntegerField(null=True)

    class Meta:
        """An act is marked by one objection at a time; readers look by its key, the office by state, a subject at its own."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                "key", condition=models.Q(until=None, upheld_in=None), name="objection_once_at_a_time"
            ),
        ]
        indexes: ClassVar = [
            models.Index("key", name="objection_key"),
            models.Index("state", "raised_on", name="objection_state"),
            models.Index("subject", "raised_at", name="objection_subject"),
        ]

"""Tables of the departments' desks: jobs, drafts, zero reports, and notes to the credit office about a rule."""

from typing import ClassVar

from django.db import models


class Job(models.Model):
    """Long work that somebody began at a desk: a file to check, mend and send, a review to carry out, reports for a list.

    It is taken up by a worker and outlives the browser. What belongs to it lies sealed in `Kept` and ends with it.
    """

    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey("store.Authority", models.PROTECT, null=True)  # none: of the credit office
    by = models.CharField(max_length=40)  # login name
    resource = models.CharField(max_length=40)
    mode = models.CharField(max_length=10, default="increment")
    step = models.CharField(max_length=10)  # check | mend | send | review | replay | list | issue
    state = models.CharField(max_length=10)
    name = models.TextField(blank=True)
    size = models.BigIntegerField(default=0)
    reading = models.JSONField(default=dict)  # how it is to be read, and what it came from
    progress = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    submission = models.ForeignKey("store.Submission", models.PROTECT, null=True)  # what came of it, or is reviewed
    stop = models.BooleanField(default=False)
    tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """Lists of a body's jobs, newest first."""

        indexes: ClassVar = [models.Index(fields=["authority", "-made_at"], name="job_of_body")]


class Draft(models.Model):
    """What one person filled into a form, sealed. `about`: "" a new record, "last" the one sent last, or the id of a record."""

    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey("store.Authority", models.CASCADE)
    by = models.CharField(max_length=40)
    resource = models.CharField(max_length=40)
    about = models.CharField(max_length=32, blank=True)
    sealed = models.BinaryField()
    changed_at = models.DateTimeField()

    class Meta:
        """One a person, resource and record."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "by", "resource", "about"], name="draft_once"),
        ]


class ZeroReport(models.Model):
    """A body's word that it had nothing to report of a resource in a period, signed by name."""

    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey("store.Authority", models.PROTECT)
    resource = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField()
    signed_by = models.CharField(max_length=40)
    signed_name = models.TextField()
    signed_at = models.DateTimeField()

    class Meta:
        """One word a period."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["authority", "resource", "since", "until"], name="zero_report_once"),
        ]


class RuleNote(models.Model):
    """A department says that a rule is wrong; the credit office answers."""

    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey("store.Authority", models.PROTECT)
    resource = models.CharField(max_length=40)
    rule = models.CharField(max_length=80)
    text = models.TextField()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)

"""The tables of issued reports and of the links by which their subjects show them to somebody.

Of a report: what it was asked for, the place in the log it tells of, its digests, whether it was withdrawn.
"""

from typing import ClassVar

from django.db import models


class Report(models.Model):
    """One report that was issued. With day, place and `catalogue` it can be composed again; `content` says whether it is the same.

    The sealed file lies encrypted in the site's folder until `destroy_on`; the row stays, so that what was issued can be verified.
    """

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=34, unique=True)  # as it is printed
    form = models.CharField(max_length=40)  # with its version
    kind = models.CharField(max_length=20)  # the form without its version
    language = models.CharField(max_length=2)
    subject = models.UUIDField()
    person = models.BooleanField(default=False)  # about a person: its file opens with that person's data key alone
    code = models.CharField(max_length=18, blank=True)  # of a person none
    purpose = models.CharField(max_length=40)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    domains = models.JSONField(default=list)
    day = models.DateField()  # the legal day it tells of
    included = models.IntegerField()  # with `committed`: the place in the log it tells of
    committed = models.IntegerField()
    catalogue = models.CharField(max_length=64)  # digest of the rules
    content = models.CharField(max_length=64)  # SHA-256 of its JSON, which the log binds
    file = models.CharField(max_length=64, blank=True)  # SHA-256 of the sealed file; empty: it never left
    kept = models.BooleanField(default=False)  # the sealed file is still there
    wrapped = models.BinaryField()  # the file's own key
    wrapped_by = models.CharField(max_length=16)
    outlet = models.CharField(max_length=40)
    issued_by = models.TextField()
    issued_at = models.DateTimeField()
    destroy_on = models.DateField()
    change_set = models.IntegerField()  # that says so in the log
    place_in_set = models.IntegerField(default=0)
    batch = models.UUIDField(null=True)  # the job that it was issued in
    items = models.IntegerField(null=True)  # how many it lists; not known of earlier ones
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(blank=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        """A subject looks back at its own, newest first; the office at all; a file is found by its digest.

        In one batch a subject has one report, however often its worker was killed.
        """

        constraints: ClassVar = [
            models.UniqueConstraint("batch", "subject", name="report_once_in_batch"),
        ]
        indexes: ClassVar = [
            models.Index("subject", "issued_at", name="report_subject"),
            models.Index("issued_at", name="report_issued"),
            models.Index("file", name="report_file"),
        ]


class Share(models.Model):
    """A link to one report, made by its subject, opened with a code until a last day or until it is revoked.

    `id` is 128 random bits and stands in the address; of the code only a keyed digest is held. Who opened it stands in the Looks.
    """

    id = models.UUIDField(primary_key=True)
    report = models.ForeignKey(Report, models.PROTECT)
    code = models.BinaryField(max_length=32)  # keyed by a key outside the database, bound to `id`
    last_day = models.DateField()  # that day included
    made_by = models.TextField()
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    wrong = models.IntegerField(default=0)  # codes that were not right, on the day `wrong_on`
    wrong_on = models.DateField(null=True)

    class Meta:
        """A report's links, the newest first."""

        indexes: ClassVar = [models.Index("report", "made_at", name="share_report")]

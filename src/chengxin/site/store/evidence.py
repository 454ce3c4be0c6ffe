"""Tables that prove: who looked, and the log with its signed checkpoints."""

from typing import ClassVar

from django.db import models


class Look(models.Model):
    """Who looked at whose data that is not public: written before anything is read. A batch shares one `request`."""

    id = models.UUIDField(primary_key=True)
    request = models.UUIDField(db_index=True)
    at = models.DateTimeField(db_index=True)
    subject = models.UUIDField(null=True)  # null: a list of records by other marks than whose they are
    outlet = models.CharField(max_length=40)
    reader = models.CharField(max_length=12)
    who = models.TextField()  # account or key
    body = models.CharField(max_length=18, blank=True)
    purpose = models.CharField(max_length=40)
    ground = models.CharField(max_length=12)
    case_number = models.TextField(blank=True)
    resources = models.JSONField(default=list)
    change_set = models.IntegerField()  # what was known then

    class Meta:
        """A subject asks who looked, newest first."""

        indexes: ClassVar = [models.Index("subject", "at", name="look_subject")]


class Tile(models.Model):
    """A tile of the log (C2SP tlog-tiles): up to 256 hashes. Whole tiles never change."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()


class Checkpoint(models.Model):
    """A signed checkpoint of the log."""

    size = models.BigIntegerField(primary_key=True)
    note = models.BinaryField()
    signed_at = models.DateTimeField()

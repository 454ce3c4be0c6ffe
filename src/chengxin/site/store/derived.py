"""Tables that can be made anew from the registers: hints of names, and how many there are of what."""

from django.db import models


class NameGram(models.Model):
    """A hint that an organisation has or had a name with this in it (`subjects.names.grams`).

    Whom it leads to is what its facts say at the place that is read, so a hint never shows what is not there (yet, or any
    more), and does not end with a fact.
    """

    pk = models.CompositePrimaryKey("gram", "subject")
    gram = models.TextField()
    subject = models.UUIDField()
    since = models.IntegerField()


class Count(models.Model):
    """How many versions are alike in all that the condition of a count can name: rows are added and folded, see `store.counted`.

    `decided_on` is the first day of its month, once that day has come.
    """

    resource = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10)
    severity = models.CharField(max_length=12, null=True)
    adverse = models.BooleanField()
    published = models.BooleanField()
    draft = models.BooleanField()
    decided_on = models.DateField(null=True)
    last_day = models.DateField(null=True)
    prompt = models.BooleanField(null=True)
    since = models.IntegerField()
    until = models.IntegerField(null=True)
    n = models.BigIntegerField()


class SubjectCount(models.Model):
    """How many subjects have a name, by register and kind: likewise."""

    register = models.CharField(max_length=12)
    kind = models.CharField(max_length=12)
    since = models.IntegerField()
    until = models.IntegerField(null=True)
    n = models.BigIntegerField()

"""Tables of the credit office's desk: acts that take two people, confirmed drafts of the law, pages that it writes."""

from typing import ClassVar

from django.db import models


class Proposal(models.Model):
    """An act that takes two people: one proposes it with a reason, another carries it out or turns it down. Rows stay."""

    id = models.UUIDField(primary_key=True)
    what = models.CharField(max_length=12)  # of `actions.proposals.ACTS`
    about = models.CharField(max_length=80)  # id of the row or submission, code of the subject, place in the catalogue
    detail = models.JSONField(default=dict)  # what the act needs to know beside
    reason = models.TextField()
    by = models.CharField(max_length=40)  # login name
    at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)  # done | declined
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer_reason = models.TextField(blank=True)

    class Meta:
        """Of one thing one proposal of a kind is open."""

        constraints: ClassVar = [
            models.UniqueConstraint("what", "about", condition=models.Q(answer=""), name="proposal_open"),
        ]


class Confirmation(models.Model):
    """A draft of the catalogue that two people of the office confirmed for this site, by which document of which day.

    It holds from `since` on, never before, until the day before `revoked_on`.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)  # list | purpose | measure | resource | rule
    name = models.CharField(max_length=80)
    document = models.TextField()
    document_on = models.DateField()
    since = models.DateField()
    confirmed_by = models.CharField(max_length=40)
    second = models.CharField(max_length=40)
    at = models.DateTimeField()
    revoked_on = models.DateField(null=True)
    revoked_by = models.CharField(max_length=40, blank=True)
    revoked_reason = models.TextField(blank=True)

    class Meta:
        """A draft is confirmed once at a time."""

        constraints: ClassVar = [
            models.UniqueConstraint("kind", "name", condition=models.Q(revoked_on=None), name="confirmation_once"),
        ]


class Article(models.Model):
    """One version of a page that the office writes: a notice, a lesson, a guide. Versions are kept; of a page one is published."""

    id = models.UUIDField(primary_key=True)
    section = models.CharField(max_length=12)  # notices | education | guides
    slug = models.CharField(max_length=60)
    version = models.IntegerField()
    state = models.CharField(max_length=12)  # draft | reviewed | published | replaced | withdrawn
    title_zh = models.TextField()
    title_en = models.TextField(blank=True)
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    written_by = models.TextField()
    written_at = models.DateTimeField()
    reviewed_by = models.TextField(blank=True)  # the secrecy review
    published_by = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True)  # who withdrew it
    ended_at = models.DateTimeField(null=True)  # withdrawn, or replaced by a later version
    reason = models.TextField(blank=True)

    class Meta:
        """A version has its number; one version of a page is published."""

        constraints: ClassVar = [
            models.UniqueConstraint("section", "slug", "version", name="article_version"),
            models.UniqueConstraint("section", "slug", condition=models.Q(state="published"), name="article_published"),
        ]

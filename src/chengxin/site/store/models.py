"""The tables that matter (design, section 5). Rows of the registers are never overwritten.

What is visible follows from one number: a row of a register lives from change set `since` until change set `until`
(exclusive, null: still), and a reader reads at a position, the last committed change set or that of a day in the past. So a
change set becomes visible as a whole when the head moves, and what a crash left behind it is never seen.
"""

from datetime import date

from django.db import models
from django.db.models.functions import Coalesce

from chengxin.site.store.answered import Check, Repeat, Spent
from chengxin.site.store.department import Draft, Job, RuleNote, ZeroReport
from chengxin.site.store.derived import Count, NameGram, SubjectCount
from chengxin.site.store.evidence import Checkpoint, Look, Tile
from chengxin.site.store.following import Checked, Package, Reconciled, Returned, Taker
from chengxin.site.store.office import Article, Confirmation, Proposal
from chengxin.site.store.redress import Objection
from chengxin.site.store.reported import Report, Share
from chengxin.site.store.staff import Account, ApiKey, StaffChange, Tried

# Django finds all tables here; the others are below.
__all__ = [
    "Account",
    "ApiKey",
    "Article",
    "Check",
    "Checked",
    "Checkpoint",
    "Confirmation",
    "Count",
    "Draft",
    "Job",
    "Look",
    "NameGram",
    "Objection",
    "Package",
    "Proposal",
    "Reconciled",
    "Repeat",
    "Report",
    "Returned",
    "RuleNote",
    "Share",
    "Spent",
    "StaffChange",
    "SubjectCount",
    "Taker",
    "Tile",
    "Tried",
    "ZeroReport",
]
_NO_END = date(9999, 12, 31)


class Authority(models.Model):
    """A body that reports or takes over: its own credit code, what it is here, what it may report."""

    code = models.CharField(max_length=18, primary_key=True)
    name = models.TextField()
    kind = models.CharField(max_length=10, default="department")  # department | partner | upper
    resources = models.JSONField(default=list)
    active = models.BooleanField(default=True)  # false: suspended, or ended for good on `ended_on`
    ended_on = models.DateField(null=True)


class Submission(models.Model):
    """One file received. received = accepted + rejected + duplicate + held, and accepted = what went on or waits."""

    id = models.UUIDField(primary_key=True)
    authority = models.ForeignKey(Authority, models.PROTECT)
    resource = models.CharField(max_length=40)
    catalogue_version = models.CharField(max_length=40)
    mode = models.CharField(max_length=10)
    name = models.TextField()
    kind = models.CharField(max_length=10)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    source_order = models.BigIntegerField()
    known_on = models.DateField()
    received_at = models.DateTimeField()
    reading = models.JSONField(default=dict)  # how it was read: the clerk's mapping of headings, hidden rows
    submitted_by = models.TextField()
    reviewed_by = models.TextField(blank=True)
    review = models.JSONField(default=dict)
    state = models.CharField(max_length=10)  # of `flow.states.State`
    reason = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    change_set = models.IntegerField(null=True)
    answers = models.BooleanField(default=True)  # until it is recalled or, a whole list, overtaken by another one

    class Meta:
        """The same bytes for the same purpose from the same body are the same submission, as long as it answers for them."""

        constraints = [
            models.UniqueConstraint(
                fields=["authority", "resource", "mode", "digest"],
                condition=models.Q(answers=True),
                name="submission_answers",
            ),
        ]
        indexes = [models.Index("authority", "resource", "known_on", name="submission_feed")]


class ChangeSet(models.Model):
    """The unit of effect. `first_index`: place in the log of its first event, given by the sequencer and by nobody else."""

    number = models.IntegerField(primary_key=True)
    kind = models.CharField(max_length=20)
    actor = models.TextField()
    reason = models.TextField(blank=True)
    item = models.CharField(max_length=40)  # with `authority`: what the log shows of its events
    authority = models.CharField(max_length=18)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True)
    known_on = models.DateField(db_index=True)
    known_at = models.DateTimeField()
    events = models.IntegerField(default=0)
    first_index = models.BigIntegerField(null=True)
    undone_in = models.IntegerField(null=True)  # the change set by which it was taken back


class Head(models.Model):
    """One row: the last change set that is wholly committed, and the last whose events are in a signed checkpoint."""

    committed = models.IntegerField(default=0)
    included = models.IntegerField(default=0)
    counted = models.BigIntegerField(default=0)  # the last row of Count that was folded, see `store.counted`
    folded = models.IntegerField(
        default=0
    )  # earlier places in the log, and earlier days, are no longer told apart there
    folded_on = models.DateField(null=True)
    names = models.CharField(max_length=64, blank=True)  # digest of the words that names are split by in NameGram


class Event(models.Model):
    """One change of one thing, thin. `previous`: index in the log of the event before about the same thing."""

    pk = models.CompositePrimaryKey("change_set", "place")
    change_set = models.IntegerField()
    place = models.IntegerField()
    tag = models.CharField(max_length=40)
    about = models.UUIDField()  # the version, subject or submission it is about
    previous = models.BigIntegerField(null=True)
    person = models.BooleanField()
    salt = models.BinaryField(max_length=32)
    commitment = models.BinaryField(max_length=32)

    class Meta:
        """Looked up by what it is about when a record is opened."""

        indexes = [models.Index("about", name="event_about")]


class Subject(models.Model):
    """One enterprise, other organisation or person."""

    id = models.UUIDField(primary_key=True)
    register = models.CharField(max_length=12)  # enterprise | other | person
    kind = models.CharField(max_length=12)  # organisation | sole_trader | person
    since = models.IntegerField()


class SubjectFact(models.Model):
    """What is known of a subject: name and status. A later fact closes the earlier."""

    id = models.UUIDField(primary_key=True)
    subject = models.UUIDField()
    code = models.CharField(max_length=18)
    name = models.TextField()
    fold = models.TextField(db_index=True)
    former_names = models.JSONField(default=list)
    former_codes = models.JSONField(default=list)
    status = models.TextField(null=True)
    status_on = models.DateField(null=True)
    said_in = models.IntegerField()  # the change set that brought it; a fact that comes back keeps it
    since = models.IntegerField()
    until = models.IntegerField(null=True)

    class Meta:
        """One fact a subject is the current one."""

        constraints = [
            models.UniqueConstraint("subject", condition=models.Q(until=None), name="fact_current"),
        ]
        indexes = [models.Index("subject", name="fact_subject")]  # readers read at a place, not only what is current


class Identifier(models.Model):
    """A code or number that leads to a subject. A person's is a keyed token and nothing else."""

    id = models.UUIDField(primary_key=True)
    subject = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12)  # code | former | number (older ones) | person
    value = models.CharField(max_length=32)
    since = models.IntegerField()
    until = models.IntegerField(null=True)

    class Meta:
        """One living identifier leads to one subject."""

        constraints = [
            models.UniqueConstraint("value", condition=models.Q(until=None), name="identifier_once"),
        ]
        indexes = [models.Index(fields=["value"], name="identifier_value", opclasses=["varchar_pattern_ops"])]


class Record(models.Model):
    """One version of one fact. `key`: its natural key, hashed; `digest`: of what its sender says of the act, keyed."""

    id = models.UUIDField(primary_key=True)
    key = models.UUIDField()
    version = models.IntegerField()
    resource = models.CharField(max_length=40)
    subject = models.UUIDField(db_index=True)
    state = models.CharField(max_length=10)
    document = models.TextField(null=True)
    list = models.CharField(max_length=40, null=True)
    authority = models.TextField(null=True)
    authority_code = models.CharField(max_length=18, null=True)
    source = models.TextField(null=True)
    sender = models.CharField(max_length=18)
    decided_on = models.DateField(null=True)
    severity = models.CharField(max_length=12, null=True)
    adverse = models.BooleanField()
    published = models.BooleanField()
    draft = models.BooleanField()
    last_day = models.DateField(null=True)
    clause = models.TextField()
    content = models.TextField()
    digest = models.UUIDField()
    source_order = models.BigIntegerField()
    withheld = models.TextField()  # names of fields that the secrecy review keeps from the public, separated by commas
    said_in = models.IntegerField()  # the change set that brought it; a version that comes back keeps it
    prompt = models.BooleanField(
        null=True
    )  # first told within the term of the catalogue; null: no term, or no first word
    since = models.IntegerField()
    until = models.IntegerField(null=True)

    class Meta:
        """One version a natural key is the current one."""

        constraints = [
            models.UniqueConstraint("key", condition=models.Q(until=None), name="record_current"),
        ]
        indexes = [  # lists, newest first: all, and of one body; what has ended is passed over within the index
            models.Index("resource", "decided_on", "id", Coalesce("last_day", _NO_END), name="record_list_ends"),
            models.Index("resource", "authority_code", "decided_on", "id", name="record_list_body"),
            models.Index("since", "id", name="record_feed_put"),  # the feed tells by change set
            models.Index("until", "id", condition=models.Q(until__isnull=False), name="record_feed_gone"),
            models.Index(fields=["key"], condition=models.Q(until__isnull=False), name="record_past"),  # for a recall
        ]


class SaidAgain(models.Model):
    """A version that was said again, by its body or by another one, in change set `since`. It stands as long as any of
    those who said it was not recalled."""

    pk = models.CompositePrimaryKey("since", "place")
    since = models.IntegerField()
    place = models.IntegerField()
    key = models.UUIDField(db_index=True)
    said_in = models.IntegerField()  # of the version


class Merge(models.Model):
    """A judgement that two subjects are one: readers of either see both. Ending the row undoes it exactly."""

    id = models.UUIDField(primary_key=True)
    subject = models.UUIDField()
    target = models.UUIDField(db_index=True)  # the subject under whose name both are shown
    since = models.IntegerField()
    until = models.IntegerField(null=True)

    class Meta:
        """A subject is merged into one other."""

        constraints = [
            models.UniqueConstraint("subject", condition=models.Q(until=None), name="merge_once"),
        ]
        indexes = [models.Index("subject", name="merge_subject")]


class Fingerprint(models.Model):
    """What a record said that was withdrawn, repaired or destroyed, as a keyed hash: it is held if it comes back."""

    id = models.UUIDField(primary_key=True)
    subject = models.UUIDField(db_index=True)
    value = models.UUIDField()
    since = models.IntegerField()
    until = models.IntegerField(null=True)


class ConfirmedCode(models.Model):
    """A code that was really issued although its check character is wrong: accepted for good."""

    code = models.CharField(max_length=18, primary_key=True)
    name = models.TextField()
    confirmed_by = models.TextField()
    document = models.TextField()
    confirmed_on = models.DateField()


class Waiting(models.Model):
    """An accepted row that waits for a human: why, and who it may be about. The row itself is encrypted."""

    id = models.UUIDField(primary_key=True)
    submission = models.ForeignKey(Submission, models.PROTECT)
    resource = models.CharField(max_length=40)
    row = models.IntegerField()
    reason = models.CharField(max_length=20)
    code = models.CharField(
        max_length=32, null=True, db_index=True
    )  # the number it names an organisation by; no person's
    sealed = models.BinaryField()
    candidates = models.JSONField(default=list)  # codes of subjects that its name leads to
    verdict = models.CharField(max_length=10, blank=True)  # same | different | unsure
    judged_by = models.TextField(blank=True)
    change_set = models.IntegerField(null=True)  # with which it began to wait
    settled_in = models.IntegerField(null=True)  # with which it was recorded


class PersonKey(models.Model):
    """A person's data key, wrapped by a key outside the database. Without this row what is held about them is gone."""

    subject = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16)


class Kept(models.Model):
    """An encrypted file that is kept for some days, of a submission or of a job at a desk."""

    id = models.UUIDField(primary_key=True)
    submission = models.ForeignKey(Submission, models.PROTECT, null=True)
    job = models.ForeignKey(Job, models.CASCADE, null=True)
    # of a submission: original | rejected (which rows, and why) | accepted (rows for the reviewer) | keys (of a whole list)
    # of a job: original | arrived (before it was mended) | findings | faulty (rows to mend) | edits | annotated
    what = models.CharField(max_length=12)
    wrapped = models.BinaryField()
    wrapped_by = models.CharField(max_length=16)
    destroy_on = models.DateField()

    class Meta:
        """It belongs to one of the two."""

        constraints = [
            models.CheckConstraint(
                condition=models.Q(submission=None) ^ models.Q(job=None), name="kept_belongs_to_one"
            ),
        ]

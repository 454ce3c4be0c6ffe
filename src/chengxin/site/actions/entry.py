"""One record filled into a form: its draft, sealed; judged as a file of one row by the very same validation; sent as one.

A person's number is in the draft and in the file, and in nothing that is given back to a page.
"""

import json
import uuid
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.utils import timezone

from chengxin.flow.judge import judge
from chengxin.flow.states import JobState, State
from chengxin.site.actions import jobs, judging, uploads
from chengxin.site.folder import Site
from chengxin.site.store.known import Known, asked_for
from chengxin.site.store.models import Draft, Head, Job, Record, Submission
from chengxin.site.work import work_folder
from chengxin.standards.load import load_catalogue
from chengxin.standards.model import Resource
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.ids import new_id

LAST = "last"
_WAITS = [s.value for s in (State.RECEIVED, State.REVIEWED, State.HELD)]
_BUSY = [s.value for s in JobState if s.busy]
WHY = "why-"  # with which begins what a draft holds beside fields: reason and document of a correction
Values = dict[str, str]  # field → text


@dataclass(frozen=True)
class Form:
    """Whose form it is, of which resource, about which record ("" for a new one)."""

    authority: str
    by: str
    resource: str
    about: str = ""


@dataclass(frozen=True)
class Judgement:
    """What one row came to: findings, whether it can be taken."""

    findings: pl.DataFrame
    taken: bool


def draft(site: Site, form: Form) -> Values:
    """What was filled in so far; empty if nothing."""
    row = _row(form)
    if row is None:
        return {}
    text = site.keys.unwrap_named(bytes(row.sealed), f"draft {row.id.hex}").decode()
    return dict(json.loads(text))


def save(site: Site, form: Form, values: Values) -> None:
    """Keep what was filled in."""
    row = _row(form)
    identity = row.id if row else uuid.UUID(new_id())
    text = json.dumps({k: v for k, v in values.items() if v}, ensure_ascii=False)
    sealed = site.keys.wrap_named(text.encode(), f"draft {identity.hex}")
    Draft.objects.update_or_create(
        authority_id=form.authority, by=form.by, resource=form.resource, about=form.about,
        defaults={"sealed": sealed, "changed_at": timezone.now()}, create_defaults={
            "id": identity, "sealed": sealed, "changed_at": timezone.now(),
        },
    )  # fmt: skip


def forget(form: Form) -> None:
    """Throw a draft away."""
    Draft.objects.filter(authority=form.authority, by=form.by, resource=form.resource, about=form.about).delete()


def judged(site: Site, form: Form, values: Values, code: str) -> Judgement:
    """Judge a form as a file of one row is judged; of the registers it is told about the subject with this code."""
    catalogue = load_catalogue(legal_today())
    authority = judging.authority_of(form.authority, form.resource)
    known = Known(
        Head.objects.get().committed, asked_for(pl.Series([code] if code else [], dtype=pl.String)).drop("asked")
    )
    with work_folder(site.folder) as folder:
        path = _file(folder, values, catalogue.resource(form.resource), whole=True)
        sending = judging.Sending(form.resource, path, form.authority, form.by)
        setting = judging.setting_for(site, sending, authority, catalogue, catalogue.day, known)
        outcome = judge(path, setting, folder / "results")
        return Judgement(outcome.findings().collect(), outcome.accepted == 1)


def send(site: Site, form: Form, resource: Resource, about: dict[str, str]) -> Job:
    """Send what was filled in, as a file of one row; the draft becomes the one to copy from. Raises Refused if it is empty, or
    changes a record of which another change still waits.
    """
    values = draft(site, form)
    if not values:
        raise Refused("empty-form", Said("还没有填写。", "Nothing was filled in."))
    if form.about and (refusal := changing(form.about)):
        raise refusal
    document = values.get(resource.role("document") or "", "")
    name = f"网页填报_{document or resource.title.zh}.jsonl".replace("/", "-")
    what = uploads.Upload(resource.name, "increment", name, "form", about)
    with work_folder(site.folder) as folder:
        path = _file(folder, values, resource)
        job = uploads.made(site, form.authority, form.by, what, path)
        jobs.begin(job, "send")
    if not form.about:
        save(
            site, Form(form.authority, form.by, form.resource, LAST), {k: values[k] for k in _copied(resource, values)}
        )
    forget(form)
    return job


def changing(identity: str) -> Refused | None:
    """Why a record (any version of it) can't be corrected or withdrawn now: an earlier change of it waits for its review."""
    record = Record.objects.filter(id=identity).values("key")
    versions = [v.hex for v in Record.objects.filter(key__in=record).values_list("id", flat=True)]
    waits = Submission.objects.filter(state__in=_WAITS, reading__corrects__in=versions).exists()
    if not waits and not Job.objects.filter(state__in=_BUSY, reading__about__corrects__in=versions).exists():
        return None
    zh = "这条信息的更正或撤销已经提交，还在等审查；审查完或退回后才能再改。"
    return Refused(
        "changing", Said(zh, "A change of this record waits for its review; another one has to wait for that.")
    )


def copy_last(site: Site, form: Form) -> Values:
    """What was sent last by this form, without what is another's or must be new: number and day of the document."""
    return draft(site, Form(form.authority, form.by, form.resource, LAST))


def _copied(resource: Resource, values: Values) -> list[str]:
    fresh = {
        resource.role(r) for r in ("document", "decided_on", "subject_code", "subject_name", "legal_representative")
    }
    people = {f.name for f in resource.fields if f.kind in ("identity", "identity_type") or f.private}
    return [name for name in values if name not in fresh | people]


def _file(folder: Path, values: Values, resource: Resource, whole: bool = False) -> Path:
    """A file of one row, under the titles of the fields, so that what is found is said in the words of the form.

    With `whole` what was left empty is there too: a form has no columns that somebody forgot.
    """
    path = folder / "row.jsonl"
    titles = Counter(f.title for f in resource.fields)
    heads = {f.name: f.title if titles[f.title] == 1 else f.name for f in resource.fields}
    row = {heads[name]: text for name, text in values.items() if text and not name.startswith(WHY)}
    if whole:
        row = {heads[f.name]: "" for f in resource.fields if f.fill is None} | row
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n", "utf-8")
    return path


def _row(form: Form) -> Draft | None:
    rows = Draft.objects.filter(authority=form.authority, by=form.by, resource=form.resource, about=form.about)
    return rows.first()

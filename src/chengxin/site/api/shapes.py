"""What programs send and get. The one spelling: requests are decoded by it, answers encoded by it, OpenAPI derived from it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw, Struct

from chengxin.site.actions.checks import Answer, Entry, Subject
from chengxin.values.errors import Said

__all__ = ["Answer", "Entry", "Subject"]
Short = Annotated[str, Meta(min_length=1, max_length=64)]
_ROW = {"type": "object", "minProperties": 1, "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}
Rows = Annotated[Raw, Meta(extra_json_schema={"type": "array", "minItems": 1, "items": _ROW})]
_ID = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_ENTRY = {
    "type": "object",
    "required": ["op", "id", "change_set"],
    "properties": {
        "op": {"enum": ["put", "gone"]},
        "id": _ID,
        "change_set": {"type": ["integer", "null"]},
        "last_day": {"type": ["string", "null"], "format": "date"},
        "record": {"type": "object"},
        "content": {"type": "object"},
        "disputed": {"type": "object", "required": ["since", "statement"]},
        "same": {"type": "object", "required": ["subject", "into"], "properties": {"subject": _ID, "into": _ID}},
    },
}
Entries = Annotated[Raw, Meta(extra_json_schema={"type": "array", "items": _ENTRY})]
CursorText = Annotated[str, Meta(min_length=1, max_length=2_000)]


class Finding(Struct, frozen=True, omit_defaults=True):
    """One thing wrong or told, as in the annotated workbook. `row`: the number the clerk sees, in JSON the place from 1; none
    where the file as a whole is meant. `severity`: reject and warn of rows, note, warn and ask of the file, such as columns
    that the catalogue does not know, which are not kept (rule `columns-not-kept`)."""

    rule: str
    message: Said
    severity: str = "reject"
    row: int | None = None
    column: str | None = None
    field: str | None = None
    suggestion: str | None = None
    clause: str | None = None
    part: str = ""


class Problem(Struct, frozen=True, omit_defaults=True):
    """RFC 9457. `type`: where this kind is explained; `code` never changes; `said`: `detail` in both languages."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    said: Said
    findings: tuple[Finding, ...] = ()


class CheckRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A check. `subject`: a credit code; of a person, singly and for a case, the identity number, which is kept nowhere."""

    subject: Short
    purpose: Short
    matter: Short
    case_no: Annotated[str, Meta(max_length=100)] = ""


class Receipt(Struct, frozen=True, omit_defaults=True):
    """The receipt of a check: who asked what for when, by which data and rules, and the digest of what was answered."""

    receipt: str
    at: datetime
    as_of: date
    who: str
    body: str
    purpose: str
    matter: str
    person: bool
    change_set: int
    log_size: int
    rules: str
    entries: tuple[str, ...]
    digest: str
    case_no: str = ""
    withheld: int = 0


class RowsRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Rows of one resource: objects whose names are headings or codes of fields, judged as the rows of a file are.

    `source_order`: larger is later in the source's own order; `known_on`: on demonstration sites only.
    """

    resource: Short
    rows: Rows
    mode: Literal["increment", "full"] = "increment"
    source_order: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    known_on: date | None = None


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """The fields beside a file in multipart/form-data; `file` is the part with the file itself."""

    resource: Short
    mode: Literal["increment", "full"] = "increment"
    hidden: Literal["ask", "read", "skip"] = "ask"
    source_order: Annotated[int, Meta(ge=0, le=2**53)] | None = None
    known_on: date | None = None


class Submission(Struct, frozen=True, omit_defaults=True):
    """A submission: its state, and received = accepted + rejected + duplicate + held. It takes effect after the review."""

    id: str
    resource: str
    mode: str
    state: str
    counts: dict[str, int]
    digest: str
    known_on: date
    received_at: datetime
    findings: str
    reason: str = ""
    answered_from_receipt: bool = False


class Job(Struct, frozen=True, omit_defaults=True):
    """A large submission on its way. `state`: waiting, running, done, refused, stopped or failed; `percent`: of the reading;
    `submission` and `findings`: addresses, once it is done; `code` and `said`: why nothing was taken."""

    id: str
    resource: str
    mode: str
    state: str
    made_at: datetime
    changed_at: datetime
    rows: int = 0
    problems: int = 0
    percent: int | None = None
    submission: str | None = None
    findings: str | None = None
    code: str | None = None
    said: Said | None = None


class Findings(Struct, frozen=True, omit_defaults=True):
    """A part of the findings of a submission; `next`: the address of the next part, none at the end."""

    submission: str
    total: int
    findings: tuple[Finding, ...]
    next: str | None = None


class PublicSubject(Struct, frozen=True, omit_defaults=True):
    """Who a public file is about."""

    code: str
    name: str
    kind: str
    register: str
    status: str | None = None
    status_on: date | None = None
    former_names: tuple[str, ...] = ()
    former_codes: tuple[str, ...] = ()


class Disputed(Struct, frozen=True):
    """An objection that is open: since when, and what the subject states, if it wants that shown."""

    since: date
    statement: str | None = None


class PublicRecord(Struct, frozen=True):
    """A public record, as its page shows it; `content` by codes of fields of the catalogue."""

    id: str
    resource: str
    subject: dict[str, str | None]
    document: str | None
    list: str | None
    severity: str | None
    authority: dict[str, str | None]
    source: dict[str, str | None]
    decided_on: date | None
    received_on: date
    last_day: date | None
    clause: str
    version: int
    address: str
    content: dict[str, Any]
    disputed: Disputed | None = None


class PublicFile(Struct, frozen=True, omit_defaults=True):
    """What anybody may see of a subject today, up to a place in the log. `same`: judged to be the same subject."""

    subject: PublicSubject
    as_of: date
    change_set: int
    records: tuple[PublicRecord, ...]
    same: tuple[PublicSubject, ...] = ()
    withheld: int = 0


class Changes(Struct, frozen=True):
    """A part of the feed in order. `cursor`: where the next part begins; `more`: it is there already; `withheld`: records that
    do not fit the log and are not told."""

    entries: Entries
    cursor: str
    more: bool
    as_of: date
    change_set: int
    withheld: int = 0


class Confirm(Struct, frozen=True, forbid_unknown_fields=True):
    """Up to which cursor all changes are applied. `purpose`: of which feed, where the key has two."""

    cursor: CursorText
    purpose: Literal["upper_platform", "publicity"] | None = None


class Confirmed(Struct, frozen=True):
    """What a body has confirmed: change sets that burden and that lift, as of a day; how many it is behind."""

    included: int
    committed: int
    as_of: date
    behind: int


class VerifiedReport(Struct, frozen=True):
    """A report that was issued here, by its number. Of the subject nothing; `changed_since`: of what anybody may see of it.

    `newer`: a later one of the same form, period, domains and language says something else.
    """

    number: str
    form: str
    issued_at: datetime
    as_of: date
    withdrawn: bool
    newer: bool
    changed_since: bool | None
    content: str
    file: str

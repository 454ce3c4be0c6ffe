"""A public list as a Frictionless data package: one zip, written while it is read, so that it needs no more memory than a page.

Its tables hold what the list shows to anybody at one place in the log. `digests.note` is signed with the key of the log (C2SP
signed note): its first line is not the log's name, so it can't be taken for a checkpoint.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chengxin.audit.notes import Signer, sign_note
from chengxin.site.access.asked import Asked
from chengxin.site.access.reading import After, Filter, Seen, listed
from chengxin.site.folder import About
from chengxin.site.public.exports import inert
from chengxin.site.public.published import Public
from chengxin.standards.model import Resource
from chengxin.standards.readers import Kind

STEP = 1_000  # records read at a time
_LICENCES = {"CC-BY-4.0": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/")}
# What each record carries beside the fields of its resource: name, type, title, what it is.
_SHELL = (
    ("record_id", "string", "信息标识", "permanent id; its page is /records/ID/"),
    ("subject_code", "string", "统一社会信用代码", "credit code of the subject, as known now"),
    ("subject_name", "string", "主体名称", "name of the subject, as known now"),
    ("list_id", "string", "名单", "list of the law that it is about, if any"),
    ("severity", "string", "等级", "class of a penalty"),
    ("decided_on", "date", "决定日期", "day of the decision"),
    ("received_on", "date", "收到日期", "day on which this version was received"),
    ("last_day", "date", "最后一日", "last day on which it is shown, inclusive; empty: no end"),
    ("clause", "string", "归集和公示依据", "legal basis"),
    ("version", "integer", "版本", "more than 1: it was corrected"),
)
_INERT = (
    "以 = + - @ 等开头的文本前加一个单引号，免得表格软件把它当公式。"
    "Texts that a spreadsheet would run begin with an apostrophe."
)


@dataclass(frozen=True)
class Issue:
    """Who publishes what, where: the list, who asks at which place, the address of the site, how the site tells of itself."""

    public: Public
    asked: Asked
    base: str
    about: About

    @property
    def resources(self) -> list[Resource]:
        """The resources of the list that anybody may take away."""
        catalogue, answers = self.asked.catalogue, self.asked.answers()
        return [catalogue.resources[n] for n in self.public.resources if (n, Kind.ORGANISATION) in answers]

    @property
    def version(self) -> str:
        """The day and the place in the log."""
        return f"{self.asked.at.day}.{self.asked.at.included}"


class Sink(io.RawIOBase):
    """Where the zip is written to: what was written is taken at once and sent."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Some bytes of the zip."""
        self._held.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since it was asked last."""
        held, self._held = b"".join(self._held), []
        return held


def streamed(issue: Issue, checkpoint: bytes | None, signer: Signer) -> Iterator[bytes]:
    """The zip, piece by piece: tables, `datapackage.json`, the last checkpoint, and the signed digests of all these."""
    sink, digests = Sink(), {}
    tables: list[dict[str, Any]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as package:
        for resource in issue.resources:
            told = _Told()
            with package.open(_entry(issue, f"{resource.name}.csv"), "w", force_zip64=True) as stream:
                for piece in _table(issue, resource, told):
                    stream.write(piece)
                    yield sink.taken()
            tables.append(_described(issue, resource, told))
            digests[f"{resource.name}.csv"] = told.digest.hexdigest()
        files = {"datapackage.json": descriptor(issue, tables)}
        files |= {"checkpoint": checkpoint} if checkpoint else {}
        for name, data in files.items():
            package.writestr(_entry(issue, name), data)
            digests[name] = hashlib.sha256(data).hexdigest()
        package.writestr(_entry(issue, "digests.note"), _signed(issue, checkpoint, digests, signer))
    yield sink.taken()


class _Told:
    """What was written of a table: its digest, its bytes and rows, and how many records were withheld."""

    def __init__(self) -> None:
        self.digest, self.size, self.rows, self.withheld = hashlib.sha256(), 0, 0, 0

    def add(self, piece: bytes) -> bytes:
        self.digest.update(piece)
        self.size += len(piece)
        return piece


def _entry(issue: Issue, name: str) -> zipfile.ZipInfo:
    day = issue.asked.at.day
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _table(issue: Issue, resource: Resource, told: _Told) -> Iterator[bytes]:
    fields = _content(issue, resource)
    yield told.add(_lines([[name for name, *_ in _SHELL] + fields]))
    after: After | None = None
    wanted = Filter((resource.name,), shown_on=issue.asked.at.day)
    while True:
        part = listed(issue.asked, wanted, STEP, after)
        told.rows, told.withheld = told.rows + len(part.rows), told.withheld + part.withheld
        yield told.add(_lines([_cells(seen, fields) for seen in part.rows]))
        if part.after is None:
            return
        after = part.after


def _content(issue: Issue, resource: Resource) -> list[str]:
    allowed = issue.asked.answers()[resource.name, Kind.ORGANISATION].fields
    return [f.name for f in resource.fields if f.name in allowed]


def _lines(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def _cells(seen: Seen, fields: list[str]) -> list[str]:
    c = seen.columns
    shell = (seen.id, seen.code, seen.name, c["list"], c["severity"], c["decided_on"], seen.received, c["last_day"])
    return [_plain(v) for v in (*shell, c["clause"], c["version"], *(seen.content.get(name) for name in fields))]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else inert(str(value))


def _described(issue: Issue, resource: Resource, told: _Told) -> dict[str, Any]:
    return {
        **table_schema(issue, resource),
        "bytes": told.size,
        "hash": f"sha256:{told.digest.hexdigest()}",
        "rows": told.rows,
        "withheld": told.withheld,
    }


def table_schema(issue: Issue, resource: Resource) -> dict[str, Any]:
    """A table of the package without its digest: what it is called and what its columns are, as in the catalogue."""
    of = [resource.by_name[name] for name in _content(issue, resource)]
    shell: list[dict[str, Any]] = [
        {"name": n, "type": t, "title": title, "description": what} for n, t, title, what in _SHELL
    ]
    shell[0]["constraints"] = {"required": True, "unique": True}
    return {
        "profile": "tabular-data-resource",
        "name": resource.name,
        "path": f"{resource.name}.csv",
        "title": resource.title.zh,
        "description": f"{resource.title.en}. {_INERT}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": shell
            + [{"name": f.name, "type": f.type, "title": f.title, "description": f.title_en} for f in of],
            "missingValues": [""],
            "primaryKey": ["record_id"],
        },
    }


def licence(about: About) -> dict[str, str]:
    """The licence under which the site gives its data away."""
    title, path = _LICENCES.get(about.licence, (about.licence, ""))
    return {"name": about.licence, "title": title} | ({"path": path} if path else {})


def descriptor(issue: Issue, tables: list[dict[str, Any]]) -> bytes:
    """`datapackage.json`."""
    at = issue.asked.at
    data = {
        "profile": "tabular-data-package",
        "name": f"chengxin-{issue.public.name}",
        "title": issue.public.title.zh,
        "description": f"{issue.public.about.zh} {issue.public.about.en}",
        "homepage": f"{issue.base}/open-data/",
        "version": issue.version,
        "created": f"{at.day}T00:00:00+08:00",
        "licenses": [licence(issue.about)],
        "sources": [{"title": issue.about.publisher}],
        "as_of": at.day.isoformat(),
        "change_set": at.included,
        "resources": tables,
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _signed(issue: Issue, checkpoint: bytes | None, digests: dict[str, str], signer: Signer) -> bytes:
    """The note: which list of which site, the day, the change set and size of the log, then `sha256 DIGEST FILE` for each file."""
    size = checkpoint.decode().split("\n")[1] if checkpoint else "0"
    lines = [f"{signer.name}/open-data", issue.public.name, str(issue.asked.at.day), str(issue.asked.at.included), size]
    lines += [f"sha256 {digest} {name}" for name, digest in digests.items()]
    return sign_note("\n".join(lines) + "\n", [signer])

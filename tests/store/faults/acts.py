"""What the processes do that are struck, each act in a process of its own, and what anybody can see of a site afterwards."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

from chengxin.flow import judge as judging
from chengxin.site.folder import About, Site, make_site, open_site
from chengxin.standards.load import load_catalogue
from chengxin.values.errors import Refused
from tests.store.cast import CLERK, COLLEAGUE, DAY, NUMBER, OTHER, OWNER, PERSON, code_of, fined, firm, registered
from tests.store.faults.points import Points
from tests.store.here import receive_here

LATER = DAY + timedelta(days=1)
FIRMS = (0, 1, 2, 3, 9)
OPERATOR = "00000019900101002X"


@dataclass(frozen=True)
class Place:
    """A site: its folder, its database (None: SQLite in the folder), the files that are sent to it, today's day."""

    folder: Path
    database: str | None
    sent: Path
    today: str = LATER.isoformat()

    def enter(self, settle: bool = True) -> Site:
        """Open the site in this process, which has opened none."""
        os.environ.pop("CHENGXIN_DATABASE", None)
        if self.database:
            os.environ["CHENGXIN_DATABASE"] = self.database
        os.environ["CHENGXIN_TODAY"] = self.today
        judging.receive = receive_here  # type: ignore[assignment]
        return open_site(self.folder, settle)


def written(sent: Path, name: str, rows: list[dict[str, Any]]) -> Path:
    path = sent / f"{name}.csv"
    if not path.exists():
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    return path


def send(site: Site, path: Path, sender: str = OWNER[0], reviewer: str = COLLEAGUE, mode: str = "increment") -> Any:
    from chengxin.site.actions.judging import Sending
    from chengxin.site.actions.submissions import submit

    resource = "registration" if path.name.startswith("registration") else "penalty"
    return submit(site, Sending(resource, path, sender, CLERK, mode), reviewer).submission


def nobody(number: int, document: str, **cells: Any) -> dict[str, Any]:
    """A penalty that names its party without a code."""
    return fined(number, document, CF_XDR_SHXYM=None, CF_XDR_GSZC=f"37021560000000{number}", **cells)


def theirs(number: int, document: str) -> dict[str, Any]:
    """A penalty of the other body."""
    mine = {"CF_CFJG": OTHER[1], "CF_CFJGDM": OTHER[0], "CF_SJLY": OTHER[1], "CF_SJLYDM": OTHER[0]}
    return fined(number, document, **mine)


def prepare(place: Place) -> None:
    """A site with a past: something of everything that later acts change."""
    if place.database:
        os.environ["CHENGXIN_DATABASE"] = place.database
    os.environ["CHENGXIN_TODAY"] = DAY.isoformat()
    judging.receive = receive_here  # type: ignore[assignment]
    site = make_site(place.folder, About("test.example/log", demo=True))
    from chengxin.site.actions import queue
    from chengxin.site.actions.authorities import load_roster

    place.sent.mkdir(exist_ok=True)
    roster = place.sent / "authorities.csv"
    roster.write_text(
        f"code,name,resources\n{OWNER[0]},{OWNER[1]},registration;penalty\n{OTHER[0]},{OTHER[1]},penalty\n"
    )
    load_roster(roster, load_catalogue(DAY))
    send(site, written(place.sent, "registration-0", [registered(n) for n in range(4)]))
    person = fined(1, "人1号", **PERSON, CF_XDR_ZJHM=NUMBER)
    send(site, written(place.sent, "a", [*(fined(n, f"甲{n}号") for n in range(4)), person]))
    send(site, written(place.sent, "b", [fined(9, "待9号"), nobody(1, "无1号"), nobody(2, "无2号"), fined(0, "乙0号")]))
    waits = {w.candidates[0]: w for w in queue.listing() if w.candidates}
    queue.judge(site, waits[code_of(2)].id.hex, "same", COLLEAGUE, code_of(2), second=CLERK)
    send(site, written(place.sent, "c", [fined(1, "丙1号"), fined(2, "丙2号")]), reviewer="")
    send(site, written(place.sent, "full-0", [theirs(n, f"全{n}号") for n in range(3)]), OTHER[0], mode="full")


def _penalties(site: Site, sent: Path) -> None:
    rows = [
        fined(1, "甲1号", CF_NR="罚款2万元", CF_NR_FK="2"),
        fined(2, "甲2号", X_CX_BJ="撤销：原决定已撤销"),
        *(fined(n, f"新{n}号") for n in range(4)),
        fined(3, "新3号"),
        fined(3, "错3号", CF_JDRQ="2026/02/30"),
        fined(8, "待8号"),
        fined(1, "人2号", **PERSON, CF_XDR_ZJHM=NUMBER),
    ]
    send(site, written(sent, "penalties", rows))


def _registration(site: Site, sent: Path) -> None:
    rows = [
        registered(1, 名称="青岛示例改名商贸有限公司", 曾用名=firm(1)),
        registered(9),
        registered(3, 登记状态="注销"),
    ]
    send(site, written(sent, "registration-1", rows))


def _full(site: Site, sent: Path) -> None:
    send(site, written(sent, "full-1", [theirs(n, f"全{n}号") for n in (0, 1, 3)]), OTHER[0], mode="full")


def _submission(name: str) -> Any:
    from chengxin.site.store.models import Submission

    return Submission.objects.select_related("authority").get(name=f"{name}.csv")


def _recall(name: str) -> Callable[[Site, Path], None]:
    def act(site: Site, _: Path) -> None:
        from chengxin.site.actions.recall import take_back

        take_back(site, _submission(name), COLLEAGUE, "报错了")

    return act


def _row_of(number: int) -> Any:
    from chengxin.site.store.models import Waiting

    return next(w for w in Waiting.objects.all() if w.candidates == [code_of(number)])


def _judge(site: Site, _: Path) -> None:
    from chengxin.site.actions import queue

    queue.judge(site, _row_of(1).id.hex, "same", COLLEAGUE, code_of(1), second=CLERK)


def _unjudge(site: Site, _: Path) -> None:
    from chengxin.site.actions import queue

    queue.unjudge(site, _row_of(2).id.hex, COLLEAGUE, "看错了")


def _review(site: Site, _: Path) -> None:
    from chengxin.site.actions.submissions import review

    review(site, _submission("c").id.hex, COLLEAGUE, {})


def _destroy(site: Site, _: Path) -> None:
    from chengxin.site.actions.keys import destroy
    from chengxin.site.store.models import Subject

    destroy(site, Subject.objects.get(kind="person").id.hex, COLLEAGUE, "依法销毁", OWNER[0])


def _rotate(site: Site, _: Path) -> None:
    from chengxin.site.actions.keys import rotate

    rotate(site)


ACTS: dict[str, Callable[[Site, Path], None]] = {
    "penalties": _penalties,
    "registration": _registration,
    "full": _full,
    "recall a": _recall("a"),
    "recall b": _recall("b"),
    "judge": _judge,
    "unjudge": _unjudge,
    "review": _review,
    "destroy": _destroy,
    "rotate": _rotate,
}
DONE = ("not-effective", "judged", "not-judged", "reviewed")  # how an act that was done answers a second time


def act(place: Place, name: str, report: Path, at: int = 0, strike: Callable[[str], None] | None = None) -> None:
    """Do one act, struck at its point `at`; `report` tells how it ended, if it came to an end."""
    site = place.enter()
    points = Points(place.folder, at, strike or (lambda _: None), lasting=strike is not None)
    points.watch()
    try:
        ACTS[name](site, place.sent)
        end = "acknowledged"
    except Refused as refused:
        end = f"refused {refused.code}"
    except Exception as error:
        end = f"error {type(error).__module__}.{type(error).__name__}: {error}"
    points.at = 0
    report.write_text(json.dumps({"end": end, "points": points.passed}))


def stages(place: Place, name: str, report: Path) -> None:
    """Do one act whole; `report` tells all that was to be seen meanwhile: after each recording and after each logging."""
    site = place.enter()
    from chengxin.site.store import log

    seen, include = [sight(site)], log.include

    def watched(*given: Any) -> int:
        seen.append(sight(site))
        done = include(*given)
        seen.append(sight(site))
        return done

    log.include = watched  # type: ignore[assignment]
    ACTS[name](site, place.sent)
    seen.append(sight(site))
    report.write_text(json.dumps({"stages": seen, "end": whole(site)}))


def look(place: Place, name: str, report: Path) -> None:
    """What is to be seen as it lies; then the act again; then what is to be seen at the end."""
    site = place.enter(settle=False)
    first = {"seen": sight(site), "faults": faults(site), "person": person(site), "counted": counted()}
    site = open_site(place.folder)
    try:
        ACTS[name](site, place.sent)
        again = "done"
    except Refused as refused:
        again = refused.code
    site = open_site(place.folder)
    last = {"seen": whole(site), "faults": faults(site), "person": person(site), "counted": counted()}
    report.write_text(json.dumps({"first": first, "again": again, "last": last, "left": left(site)}))


def sight(site: Site) -> Any:
    """The files of the cast, in words that do not depend on ids or on when something was done."""
    from tests.store.whole_file import credit_file

    found: dict[str, Any] = {}
    for number in FIRMS:
        file = credit_file(code_of(number), LATER)
        if file is None:
            continue
        shown = ("document", "state", "severity", "adverse", "last_day", "sender", "content")
        digests = sorted(f"{row[0]} {_short(repr(row))}" for row in file.records.select(shown).iter_rows())
        past = credit_file(code_of(number), DAY, DAY)
        found[str(number)] = {
            "name": file.subject["name"],
            "status": file.subject["status"],
            "records": digests,
            "withheld": [why for _, why in file.withheld],
            "yesterday": [] if past is None else sorted(d or "" for d in past.records["document"]),
        }
    return found


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def whole(site: Site) -> Any:
    """All of it: files, what waits, submissions with their counts, ids of the subjects that were there before."""
    from chengxin.site.store.models import Submission, Waiting

    waiting = sorted(
        f"{w.submission.name} {w.row} {w.reason} {w.verdict}" for w in Waiting.objects.select_related("submission")
    )
    sent = sorted(f"{s.name} {s.state} {sorted(s.counts.items())}" for s in Submission.objects.all())
    return {"files": sight(site), "waiting": waiting, "submissions": sent, "ids": ids()}


def ids() -> dict[str, str]:
    """Which subject the codes of the first registration lead to."""
    from chengxin.site.store.models import Identifier

    codes = [code_of(n) for n in range(4)]
    return {i.value: i.subject.hex for i in Identifier.objects.filter(value__in=codes, until=None)}


def faults(site: Site) -> list[str]:
    """What the log's own check finds."""
    from chengxin.site.store import log

    return [f.said.en for f in log.verify(site.keys)]


def counted() -> list[str]:
    """Submissions whose counts do not add up."""
    from chengxin.site.store.models import Submission

    wrong = []
    for one in Submission.objects.all():
        c = one.counts
        whole = c["received"] == c["accepted"] + c["rejected"] + c["duplicate"] + c["held"]
        names = ("added", "superseded", "withdrawn", "returned", "late", "source", "unchanged", "repeated", "waiting")
        if not whole or (one.state == "effective" and c["accepted"] != sum(c.get(n, 0) for n in names)):
            wrong.append(f"{one.name} {c}")
    return wrong


def person(site: Site) -> str:
    """Whether all that is held about the person of the cast can be read: how many records, or the refusal's code."""
    from chengxin.site.actions.keys import open_person
    from chengxin.site.store.models import Subject

    found = Subject.objects.filter(kind="person").first()
    if found is None:
        return "nobody"
    try:
        contents = open_person(site, found.id.hex)
    except Refused as refused:
        return refused.code
    assert all("测试丁" in c for c in contents)
    return str(len(contents))


def left(site: Site) -> list[str]:
    """Files that nothing names once a day has passed and somebody works here again."""
    from chengxin.site.actions import kept
    from chengxin.site.store.models import Kept

    for path in (site.folder / "kept").iterdir():
        os.utime(path, (0, 0))
    kept.sweep(site, LATER)
    named = {k.hex for k in Kept.objects.values_list("id", flat=True)}
    there = {p.name for p in (site.folder / "kept").iterdir()}
    there |= {p.name for p in (site.folder / "work").iterdir()}  # in the clear
    rest = [p.name for p in site.folder.iterdir() if p.name.endswith(".new")]
    return sorted(named ^ there) + rest

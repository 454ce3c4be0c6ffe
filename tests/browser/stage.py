"""What stands on the desks while people are at work, on top of a demonstration: `python -m tests.browser.stage SITE`.

With `--empty`: an account for each desk, and nothing else; with `--key`: a key that sends and checks, printed. Rows that wait for a subject, two codes of one body, a feed that is held, a batch to review, one with rows to mend, a note
about a rule, a judgement and a recall that wait for the second person, objections.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.store.cast import OWNER, code_of, fined, registered

FIRMS = range(1, 22)
HELD = 901  # firms of the feed that is held begin here
NO_CODE = {"CF_XDR_SHXYM": None, "CF_XDR_GSZC": "370215600000008"}
OFFICE, OFFICE_TOO, CLERK, COLLEAGUE = "xinyongban", "xinyongban2", "luru", "shencha"
# Who sits where on the empty site: those of a demonstration.
SEATS = {
    CLERK: "enter", COLLEAGUE: "review", "hecha": "check", "guanli": "manage", OFFICE: "office", OFFICE_TOO: "office",
    "shenji": "audit", "qiye": "subject", "anquan": "security",
}  # fmt: skip


def main(folder: Path, wanted: str) -> None:
    from chengxin.site.folder import open_site

    site = open_site(folder)
    if wanted == "--empty":
        seats(site)
        return
    if wanted == "--key":
        key()
        return
    with tempfile.TemporaryDirectory() as place:
        stage(Sender(site, Path(place)))


def seats(site: Any) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import COMMAND_LINE, New, add_account
    from chengxin.site.actions.authorities import load_roster
    from chengxin.site.actions.demo_accounts import password_of
    from chengxin.standards.load import load_catalogue
    from chengxin.values.clock import legal_today

    roster = site.folder.parent / "authorities.csv"
    roster.write_text(f"code,name,resources\n{OWNER[0]},{OWNER[1]},registration;permit;penalty\n", "utf-8")
    load_roster(roster, load_catalogue(legal_today()))
    for login, role in SEATS.items():
        body = OWNER[0] if role in ("enter", "review", "check", "manage") else None
        organisation = code_of(1) if role == "subject" else ""
        new = New(login, f"演示{login}", [Role(role)], body, organisation, demo=True)
        add_account(new, password_of(site.keys, login), COMMAND_LINE)


def key() -> None:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import Scope, give_key

    _, given = give_key(
        OWNER[0], COMMAND_LINE, "示例程序", Scope(purposes=["own_records", "administration"]), demo=True
    )
    print(given)


class Sender:
    """Sends rows as the demonstration's first department."""

    def __init__(self, site: Any, folder: Path) -> None:
        self.site, self.folder, self.sent = site, folder, 0

    def __call__(self, resource: str, rows: list[dict[str, Any]], reviewed: bool = True) -> Any:
        import polars as pl

        from chengxin.site.actions.judging import Sending
        from chengxin.site.actions.submissions import submit
        from chengxin.values.clock import legal_today

        self.sent += 1
        path = self.folder / f"{resource}-{self.sent}.csv"
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
        sending = Sending(resource, path, OWNER[0], CLERK, known_on=legal_today())
        return submit(self.site, sending, COLLEAGUE if reviewed else "").submission


def stage(send: Sender) -> None:
    from chengxin.sharing.roles import Role
    from chengxin.site.actions.accounts import COMMAND_LINE, New, add_account
    from chengxin.site.actions.admission import admit
    from chengxin.site.actions.notes import tell
    from chengxin.site.actions.proposals import propose
    from chengxin.site.store.models import Waiting
    from chengxin.standards.load import load_catalogue
    from chengxin.values.clock import legal_today

    send("registration", [registered(n) for n in FIRMS])
    send("penalty", [fined(n, f"示例字〔2026〕{n}号") for n in (1, 2, 3, 4)])
    send("penalty", [fined(n, f"示例字〔2026〕1{n}号", **NO_CODE) for n in (1, 2, 3)])
    send("registration", [registered(31), registered(32)])
    send("registration", [registered(31, 曾用代码=code_of(32))])
    wrong = [fined(4, "示例字〔2026〕41号", CF_JDRQ="2026年13月"), fined(4, "示例字〔2026〕42号", CF_NR_FK="壹万")]
    send("penalty", [*wrong, fined(4, "示例字〔2026〕43号")])
    send("penalty", [fined(n, f"示例字〔2026〕5{n}号") for n in (5, 6)], reviewed=False)
    for k in range(5):
        feed = [registered(n, 登记机关=f"{OWNER[1]}{k}") for n in range(HELD, HELD + 40)]
        send("registration", feed, reviewed=False)
    assert send("registration", [registered(HELD)], reviewed=False).state == "held"
    penalty = load_catalogue(legal_today()).resource("penalty")
    tell(OWNER[0], penalty, "penalty.CF_NR_FK.money", "罚款金额应当允许写“万元”。", CLERK)
    row = Waiting.objects.filter(verdict="", resource="penalty", submission__submitted_by=CLERK).order_by("row").first()
    assert row is not None
    detail = {"verdict": "same", "code": code_of(1)}
    bank = code_of(171)
    admit(bank, "示例村镇银行（测试）", "partner", COMMAND_LINE)
    add_account(New("xindai", "演示信贷员子", [Role.PARTNER], organisation=bank, demo=True), None, COMMAND_LINE)
    key_for = {"resources": "penalty permit", "purposes": "publicity", "until": str(legal_today())}
    propose("key", f"{bank}:信贷系统", OFFICE, "系统上线", key_for)
    propose("judge", row.id.hex, OFFICE, "名称、注册号、法定代表人一致", detail)
    object_to("示例字〔2026〕2号", send.site)
    object_to("示例字〔2026〕3号", send.site, sent=True)


def object_to(document: str, site: Any, sent: bool = False) -> None:
    """An objection of whom a penalty is about; `sent`: the office has sent it to the body that sent the penalty."""
    from dataclasses import replace

    from chengxin.sharing.outlets import outlet_named
    from chengxin.site.access.asked import Asked, Who, place
    from chengxin.site.access.reading import by_id
    from chengxin.site.actions import objections
    from chengxin.site.store.models import Record
    from chengxin.standards.load import load_catalogue

    record = Record.objects.get(document=document, until=None)
    at = replace(place(), me=record.subject.hex)
    asked = Asked(outlet_named("subject.file"), at, load_catalogue(at.day), "own_access", who=Who("somebody"))
    seen = by_id(asked, record.id.hex)
    assert seen is not None
    made = objections.raise_one(site, seen, "somebody", "error", "罚款金额有误，决定书写的是五千元。", True)
    if sent:
        objections.send(site, made, OFFICE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")

"""Histories of a site, made up step by step and compared with the model after each: a state machine for hypothesis."""

import itertools
import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chengxin.values.errors import Refused
from tests.store.cast import CLERK, COLLEAGUE, DAY, NUMBER, OTHER, OWNER, PERSON, code_of, fined, firm, registered
from tests.store.conftest import Desk, let_go
from tests.store.faults import acts as seen_by
from tests.store.faults.model import Act, Model, Wait

FIRMS = range(5)
A_DAY_IN_BETWEEN = date(2026, 5, 1)
FORMS = ("csv", "jsonl", "xlsx")
WITHDRAWN = (OWNER, "withdrawn")
chance = st.integers(0, 10**6)


def empty(desk: Desk) -> None:
    """The site as it was on its first day: bodies and nothing else."""
    from django.apps import apps
    from django.db import connection, transaction

    from chengxin.site.store.models import Authority, Head

    models = [m for m in apps.get_app_config("store").get_models() if m is not Authority]
    names = [f'"{m._meta.db_table}"' for m in models]
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")  # accounts are named by tables of others
        else:
            for name in names:
                cursor.execute(f"DELETE FROM {name}")
    Head.objects.get_or_create(id=1)
    (desk.site.folder / "log-state.json").unlink(missing_ok=True)
    for path in (desk.site.folder / "kept").glob("*"):
        path.unlink()


class Histories(RuleBasedStateMachine):
    """What departments, clerks and the office do, in any order."""

    desk: Desk  # set by whoever runs the machine

    def __init__(self) -> None:
        super().__init__()
        empty(self.desk)
        self.model, self.today = Model(), DAY
        self.numbers = itertools.count(1)
        self.batches: dict[Any, list[tuple[str, int, tuple[Any, ...], bool]]] = {}
        self.names: dict[int, str] = {}
        self.ids: dict[str, str] = {}
        self.judged: dict[str, Wait] = {}
        self.person = "nobody"
        self._day()

    def _day(self) -> None:
        os.environ["CHENGXIN_TODAY"] = self.today.isoformat()

    def _change(self) -> int:
        from chengxin.site.store.models import Head

        return Head.objects.get().committed

    # What is sent.

    def _file(self, resource: str, rows: list[dict[str, Any]], form: str = "csv") -> Path:
        path = self.desk.folder / f"{resource}-{next(self.numbers)}.{form}"
        frame = pl.DataFrame(rows, infer_schema_length=None)
        if form == "csv":
            frame.write_csv(path)
        elif form == "xlsx":
            frame.write_excel(path)
        else:
            path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in frame.to_dicts()), "utf-8")
        return path

    def _submit(self, path: Path, sender: str, **given: Any) -> Any:
        from chengxin.site.actions.judging import Sending
        from chengxin.site.actions.submissions import submit

        resource = path.name.split("-")[0]
        return let_go(
            self.desk.site,
            submit(self.desk.site, Sending(resource, path, sender, CLERK, **given), COLLEAGUE).submission,
        )

    def _row(self, name: str, content: tuple[Any, ...], withdrawn: bool, coded: bool = True) -> dict[str, Any]:
        act, (fine, sender) = self.model.acts[name], content[:2]
        cells = {
            "CF_NR": f"罚款{fine}万元",
            "CF_NR_FK": str(fine),
            "CF_JDRQ": act.decided.isoformat(),
            "CF_GSJZQ": act.last.isoformat(),
            "CF_SJLY": sender[1],
            "CF_SJLYDM": sender[0],
            "X_CX_BJ": "撤销：原决定已撤销" if withdrawn else None,
        }
        if not coded:
            cells |= {"CF_XDR_SHXYM": None, "CF_XDR_GSZC": f"37021560000000{act.firm}"}
        return fined(act.firm, name, **cells)

    def _send(
        self,
        rows: list[tuple[str, tuple[Any, ...], bool]],
        sender: tuple[str, str] = OWNER,
        seed: int = 0,
        order: int | None = None,
        mode: str = "increment",
        coded: bool = True,
    ) -> None:
        """Send rows (act, content, withdrawn) in one file and tell the model."""
        mixed = Random(seed).sample(rows, len(rows))
        made = [self._row(*row, coded=coded) for row in mixed]
        if seed % 2:
            made = [dict(reversed(cells.items())) for cells in made]
        path = self._file("penalty", made, FORMS[seed % 3] if seed else "csv")
        sent = self._submit(path, sender[0], source_order=order, mode=mode)
        assert sent.counts["accepted"] == len(rows), sent.counts
        if sent.id in self.batches:
            return  # the same bytes: answered from the receipt
        number = sent.change_set
        self.batches[sent.id] = [(n, number, c, w) for n, c, w in rows]
        came: dict[str, int] = {}
        for name, content, withdrawn in mixed:
            what = self._one(name, content, withdrawn, sent, sender[0], coded)
            came[what] = came.get(what, 0) + 1
        if mode == "full":
            came["missing"] = self.model.hide(sender[0], {n for n, *_ in rows}, sent.source_order, number)
        counts = {**sent.counts, "unchanged": sent.counts.get("unchanged", 0) + sent.counts.get("source", 0)}
        told = {k: v for k, v in counts.items() if k in {*came, "added", "superseded", "missing", "waiting"} and v}
        assert told == {k: v for k, v in came.items() if v}, (told, came)

    def _one(self, name: str, content: tuple[Any, ...], withdrawn: bool, sent: Any, sender: str, coded: bool) -> str:
        act = self.model.acts[name]
        if coded and act.firm in self.model.firms:
            what = self.model.say(name, content, withdrawn, sent.source_order, sender, sent.change_set)
            if what != "held":
                return what
        wait = Wait(name, act.firm, content, sent.source_order, sender, sent.id, coded)
        if not (coded and act.firm in self.model.firms):
            self.model.waiting.append(wait)
        else:
            self.model.waiting.append(Wait(name, -1, content, sent.source_order, sender, sent.id, False))
        return "waiting"

    def _new(self, of: int) -> tuple[str, tuple[Any, ...], bool]:
        number = next(self.numbers)
        decided = date(2026, 3, 5 + number % 3)
        name = f"{of}-{number}号"
        self.model.acts[name] = Act(of, decided, decided.replace(month=6))
        return name, (number, OWNER), False

    def _known(self, seed: int, sent_by_firm: bool = True) -> str:
        names = [n for n, a in self.model.acts.items() if a.said and (a.firm in self.model.firms or not sent_by_firm)]
        return names[seed % len(names)]

    def _acts_known(self) -> bool:
        return any(a.said and a.firm in self.model.firms for a in self.model.acts.values())

    # What happens.

    @initialize()
    def some_are_registered(self) -> None:
        for number in (0, 1):
            self._register(number)

    def _days_left(self) -> bool:
        return self.today < DAY + timedelta(days=3)

    @precondition(_days_left)
    @rule()
    def a_day_passes(self) -> None:
        self.model.remember(self.today)
        self.today += timedelta(days=1)
        self._day()

    def _register(self, number: int, **cells: Any) -> None:
        before = self._change()
        self._submit(self._file("registration", [registered(number, **cells)]), OWNER[0])
        self.model.firms.add(number)
        self.names[number] = cells.get("名称", firm(number))
        came = [w for w in self.model.waiting if w.coded and w.firm == number]
        for place, wait in enumerate(sorted(came, key=lambda w: w.order), before + 2):
            self.model.say(wait.act, wait.content, False, wait.order, wait.sender, place)
            self.model.waiting.remove(wait)
        self.ids |= self._ids([number])

    def _ids(self, numbers: Any) -> dict[str, str]:
        from chengxin.site.store.models import Identifier

        wanted = [code_of(n) for n in numbers]
        return {i.value: i.subject.hex for i in Identifier.objects.filter(value__in=wanted, until=None)}

    @precondition(lambda self: len(self.model.firms) < len(FIRMS))
    @rule(seed=chance)
    def a_firm_registers(self, seed: int) -> None:
        number = [n for n in FIRMS if n not in self.model.firms][seed % (len(FIRMS) - len(self.model.firms))]
        if seed % 2 and self._days_left():  # the day after an act of it arrived
            self._send([self._new(number)])
            self.a_day_passes()
        self._register(number)

    @rule(seed=chance)
    def a_firm_is_renamed(self, seed: int) -> None:
        number = sorted(self.model.firms)[seed % len(self.model.firms)]
        new = f"青岛示例改名{next(self.numbers)}商贸有限公司"
        self._register(number, 名称=new, 曾用名=firm(number))

    @rule(seed=chance, firms=st.lists(st.sampled_from(FIRMS), min_size=1, max_size=3))
    def acts_arrive(self, seed: int, firms: list[int]) -> None:
        self._send([self._new(n) for n in firms], seed=seed)

    @precondition(_acts_known)
    @rule(seed=chance, early=st.sampled_from([None, None, -1, 1]))
    def an_act_is_corrected(self, seed: int, early: int | None) -> None:
        order = None if early is None else early * (10**6 + next(self.numbers))
        self._send([(self._known(seed), (next(self.numbers), OWNER), False)], order=order)

    @precondition(_acts_known)
    @rule(seed=chance)
    def an_act_is_withdrawn(self, seed: int) -> None:
        name = self._known(seed)
        fine = self.model.acts[name].said[-1].content[0]
        self._send([(name, (fine, *WITHDRAWN), True)])

    @precondition(_acts_known)
    @rule(seed=chance)
    def another_body_sends_it_too(self, seed: int) -> None:
        name = self._known(seed)
        self._send([(name, (self.model.acts[name].said[-1].content[0], OTHER), False)], sender=OTHER)

    @precondition(lambda self: self.batches)
    @rule(seed=chance, split=st.booleans())
    def rows_come_again(self, seed: int, split: bool) -> None:
        rows = [(n, c, w) for n, _, c, w in self.batches[list(self.batches)[seed % len(self.batches)]]]
        rows = [r for r in rows if self.model.acts[r[0]].firm in self.model.firms and r[1][1:] in ((OWNER,), WITHDRAWN)]
        for part in [[r] for r in rows] if split else [rows]:
            if part:
                self._send(part, seed=seed)

    @rule(seed=chance)
    def a_full_feed_arrives(self, seed: int) -> None:
        mine = [
            (n, a.now)
            for n, a in self.model.acts.items()
            if a.now and a.now.sender == OWNER[0] and a.now.state != "withdrawn"
        ]
        kept = [(n, now.content[:2], False) for n, now in mine if now and Random(f"{seed} {n}").random() < 0.6]
        self._send([*kept, self._new(0)], mode="full")

    @precondition(lambda self: self.batches)
    @rule(seed=chance)
    def a_batch_is_recalled(self, seed: int) -> None:
        self._recall(list(self.batches)[seed % len(self.batches)])

    @rule(seed=chance)
    def words_about_an_act_are_recalled_in_any_order(self, seed: int) -> None:
        mixed = Random(seed)
        name, content, _ = self._new(mixed.choice(sorted(self.model.firms)))
        for word in range(mixed.randint(2, 4)):
            said = content if word == 0 else (next(self.numbers), OWNER)
            self._send([(name, said, False)])
        mine = list(self.batches)[-word - 1 :]
        for batch in mixed.sample(mine, mixed.randint(1, len(mine))):
            self._recall(batch)

    def _recall(self, one: Any) -> None:
        from chengxin.site.actions.recall import take_back
        from chengxin.site.actions.submissions import found
        from chengxin.site.store.models import ChangeSet

        said = ChangeSet.objects.filter(submission=one, undone_in=None).exclude(kind="recall")
        changes = set(said.values_list("number", flat=True))
        take_back(self.desk.site, found(one.hex), COLLEAGUE, "报错了")
        self.model.undo(changes)
        self.model.waiting = [w for w in self.model.waiting if w.batch != one]
        self.judged = {k: w for k, w in self.judged.items() if w.batch != one}
        del self.batches[one]

    @rule(seed=chance)
    def a_row_without_a_code_is_judged(self, seed: int) -> None:
        from chengxin.site.actions import queue
        from chengxin.site.store.models import Waiting

        number = sorted(self.model.firms)[seed % len(self.model.firms)]
        name, (fine, body), _ = self._new(number)
        self._send([(name, (fine, body, "without a code"), False)], coded=False)
        wait = self.model.waiting[-1]
        row = Waiting.objects.get(submission_id=wait.batch)
        if seed % 2 and self._days_left():
            self.a_day_passes()
        if seed % 3 == 0:
            queue.judge(self.desk.site, row.id.hex, "different", COLLEAGUE, second=CLERK)
            self.model.waiting.remove(wait)
            return
        queue.judge(self.desk.site, row.id.hex, "same", COLLEAGUE, code_of(number), second=CLERK)
        self.model.waiting.remove(wait)
        self.model.say(wait.act, wait.content, False, wait.order, wait.sender, self._change())
        self.judged[row.id.hex] = wait

    @precondition(lambda self: self.judged)
    @rule(seed=chance)
    def a_judgement_is_taken_back(self, seed: int) -> None:
        from chengxin.site.actions import queue
        from chengxin.site.store.models import Waiting

        row = list(self.judged)[seed % len(self.judged)]
        settled = Waiting.objects.get(id=row).settled_in
        queue.unjudge(self.desk.site, row, COLLEAGUE, "看错了")
        self.model.undo({int(settled or 0)})
        self.model.waiting.append(self.judged.pop(row))

    @precondition(lambda self: self.person == "nobody")
    @rule()
    def a_person_is_fined(self) -> None:
        row = seen_by.theirs(1, f"人{next(self.numbers)}号") | PERSON | {"CF_XDR_ZJHM": NUMBER}
        self._submit(self._file("penalty", [row]), OTHER[0])
        self.person = "1"

    @precondition(lambda self: self.person == "1")
    @rule()
    def the_persons_key_is_destroyed(self) -> None:
        from chengxin.site.actions.keys import destroy
        from chengxin.site.store.models import Subject

        destroy(self.desk.site, Subject.objects.get(kind="person").id.hex, COLLEAGUE, "依法销毁", OWNER[0])
        self.person = "erased"

    # What must hold.

    def _found(self, number: int, on: date, known: date | None = None) -> set[tuple[str, Any]]:
        file = self.desk.file(number, on, known)
        if file is None:
            return set()
        assert file.withheld == []
        rows = file.records.filter(resource="penalty").select("document", "content").iter_rows()
        return {(document, int(float(json.loads(content)["CF_NR_FK"]))) for document, content in rows}

    @invariant()
    def files_hold_what_was_said(self) -> None:
        for number in FIRMS:
            assert self._found(number, A_DAY_IN_BETWEEN) == self.model.seen(number, A_DAY_IN_BETWEEN), number
        for on in (date(2026, 3, 5), date(2026, 6, 6)):
            assert self._found(0, on) == self.model.seen(0, on)

    @invariant()
    def the_past_stays_what_was_known(self) -> None:
        for day, files in self.model.past.items():
            for number in FIRMS:
                assert self._found(number, A_DAY_IN_BETWEEN, day) == files[number], (day, number)

    @invariant()
    def subjects_keep_their_ids_and_names(self) -> None:
        assert self._ids(self.model.firms) == self.ids
        for number, name in self.names.items():
            assert self.desk.file(number, self.today).subject["name"] == name

    @invariant()
    def every_row_is_counted_once(self) -> None:
        from chengxin.site.actions import queue

        assert seen_by.counted() == []
        assert len(queue.listing()) == len(self.model.waiting)

    @invariant()
    def a_person_is_read_until_erased(self) -> None:
        assert seen_by.person(self.desk.site) == self.person

    def teardown(self) -> None:
        assert seen_by.faults(self.desk.site) == []


def machine(desk: Desk) -> Callable[[], Histories]:
    """The machine at this desk."""
    Histories.desk = desk
    return Histories


__all__ = ["Histories", "Refused", "machine"]

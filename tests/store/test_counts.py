"""The cube of counts says what counting the records says: after any history, folded or not, at any place and on any day."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from chengxin.sharing.condition import At, Condition, Effect, Grade, Scope, States, Window, chosen
from chengxin.site.folder import About, Site, make_site
from chengxin.standards.load import load_catalogue
from chengxin.standards.readers import Kind
from chengxin.values.errors import Refused
from chengxin.world.history import make_history
from tests.store.conftest import COLLEAGUE, DAY, NUMBER, OTHER, PERSON, Desk, code_of, emptied, fined, firm, registered

TODAY = date(2026, 11, 24)
FAULTS = {
    "a cell is lost": "DELETE FROM store_count WHERE id = (SELECT min(id) FROM store_count WHERE state = 'in_force')",
    "what ended still counts": "DELETE FROM store_count WHERE n < 0",
    "what ended ended later": "UPDATE store_count SET until = until + 1 WHERE until IS NOT NULL",
    "what is minor counts": "UPDATE store_count SET published = NOT published WHERE resource = 'penalty'",
    "people count as firms": "UPDATE store_count SET kind = 'organisation' WHERE kind = 'person'",
    "a last day is late": "UPDATE store_count SET last_day = NULL WHERE last_day IS NOT NULL",
    "a burden counts before the log has it": "UPDATE store_count SET since = 0",
}


def differences(days: list[date]) -> list[tuple[Any, ...]]:
    """Where the cube says another number than the records, of every condition without *whose*, at every place it tells apart."""
    from chengxin.site.access import counts
    from chengxin.site.store.models import Head, Record

    head, wrong = Head.objects.get(), []
    resources = list(Record.objects.values_list("resource", flat=True).distinct())
    chance = random.Random(1)
    pairs = [(i, c) for c in range(head.folded, head.committed + 1) for i in range(max(head.folded, c - 2), c + 1)]
    places = sorted({(head.included, head.committed), *chance.sample(pairs, min(6, len(pairs)))})
    for day, (included, committed), kinds in product(days, places, ([Kind.ORGANISATION], list(Kind))):
        for parts in product(States, Grade, Window, Effect):
            conditions = [Condition(r, kind, *parts, Scope.ALL) for r in resources for kind in kinds]
            term = chosen(conditions, At(day, included, committed))
            told, true = counts.from_cube(term), counts.from_records(term)
            if sorted(map(str, told)) != sorted(map(str, true)):
                wrong.append((day, included, committed, parts, set(told) ^ set(true)))
    return wrong


def wrong_subjects() -> list[Any]:
    """Where the counts of subjects differ from counting their names."""
    from chengxin.site.access import counts
    from chengxin.site.access.asked import anybody
    from chengxin.site.store.models import Head

    head, found = Head.objects.get(), []
    for committed in range(head.folded, head.committed + 1):
        asked = anybody("public.counts", At(date(2100, 1, 1), committed, committed))
        told = sorted(map(str, counts.registers(asked)))
        true = sorted(map(str, counts.by_names(asked)))
        found += [(committed, told, true)] if told != true else []
    return found


def fold_now() -> None:
    from django.db import transaction

    from chengxin.site.store.counted import fold
    from chengxin.site.store.models import Head
    from chengxin.values.clock import legal_today

    with transaction.atomic():
        fold(Head.objects.get().included, legal_today())


def do_something(desk: Desk, chance: random.Random, sent: list[Any], day: date) -> None:
    """One of the things that befall registers."""
    number = chance.randrange(1, 7)
    trader = {"CF_XDR_SHXYM": code_of(3, kind="92"), "CF_XDR_LB": "个体工商户", "CF_XDR_MC": firm(3)}
    acts = [
        fined(chance.randrange(1, 7), f"示例字〔2026〕{chance.randrange(12)}号", **cells)
        for cells in (
            {"CF_NR": f"罚款{number}万元", "CF_NR_FK": str(number)},
            {"X_SX_DJ": chance.choice(["轻微", "", "一般"])},
            {"X_SX_DJ": "严重", "CF_GSJZQ": "2027/03/05", "CF_YXQ": "2028/03/05"},
            trader,
            PERSON | {"CF_XDR_ZJHM": NUMBER},
            {"X_CX_BJ": "撤销：原决定已撤销"},
        )
    ]
    rows = {str(r["CF_WSH"]): r for r in chance.sample(acts, chance.randrange(1, 5))}
    kind = chance.choice(["send", "send", "send", "full", "late", "register", "recall", "other"])
    if kind == "register":
        shop = {"主体类别": "个体工商户", "主体类型": "个体工商户", "经营者": "测试丙", "法定代表人（负责人）": ""}
        renamed = registered(number, 名称=firm(number) + chance.choice("甲乙"), 核准日期=str(day - timedelta(days=1)))
        both = [renamed, registered(3, 统一社会信用代码=code_of(3, kind="92"), **shop)]
        sent.append(desk.send("registration", chance.sample(both, chance.randrange(1, 3)), on=day))
    elif kind == "recall":
        from chengxin.site.actions.recall import take_back
        from chengxin.site.actions.submissions import found

        one = found(chance.choice(sent).id.hex)
        if one.state == "effective" and one.resource == "penalty":
            take_back(desk.site, one, COLLEAGUE, "报错了")
    else:
        given: dict[str, Any] = {"mode": "full"} if kind == "full" else {}
        given |= {"source_order": 3} if kind == "late" else {}
        sender = {"sender": OTHER[0]} if kind == "other" else {}
        with_day: dict[str, Any] = {"on": day}
        sent.append(desk.send("penalty", list(rows.values()), **sender, **given, **with_day))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(s, marks=pytest.mark.prove) for s in range(3, 11))])
def test_the_cube_counts_what_the_records_count(desk: Desk, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    chance, sent, day = random.Random(seed), [], DAY
    monkeypatch.setenv("CHENGXIN_TODAY", DAY.isoformat())
    sent.append(desk.send("registration", [registered(n) for n in range(1, 7)]))
    for step in range(25):
        day += timedelta(days=chance.randrange(3))
        monkeypatch.setenv("CHENGXIN_TODAY", day.isoformat())
        try:
            do_something(desk, chance, sent, day)
        except Refused as refusal:  # a full feed that leaves out too much waits for the office
            assert refusal.code in ("not-effective", "feed-shrank"), refusal.code
        if step % 9 == 8:
            fold_now()
        if step % 6 == 5:
            later = [day, day + timedelta(days=60), date(2026, 6, 5), date(2026, 6, 6), date(2029, 1, 2)]
            assert differences(sorted({d for d in later if d >= day})) == []
            assert wrong_subjects() == []


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site into which three years of a made-up district were played."""
    folder = tmp_path_factory.mktemp("counts")
    make_history(6, 20, 3, folder / "w", TODAY)
    site = make_site(folder / "site", About("test.example/log", demo=True))
    emptied()
    from chengxin.site.actions.district import take_in

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHENGXIN_TODAY", TODAY.isoformat())
        assert [
            p.refused for p in take_in(site, folder / "w", load_catalogue(TODAY), folder / "results") if p.refused
        ] == []
        yield site
    from django.db import connection

    connection.close()


def test_of_three_years_of_a_district_both_say_the_same(played: Site) -> None:
    assert differences([TODAY, TODAY + timedelta(days=100), TODAY + timedelta(days=2000)]) == []
    assert wrong_subjects() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_of_the_cube_is_found(played: Site, fault: str) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FAULTS[fault])
        changed = cursor.rowcount
        found = differences([TODAY])
        transaction.set_rollback(True)
    assert changed > 0
    assert found


def test_folding_changes_no_answer_and_makes_the_table_small(played: Site) -> None:
    from django.db import transaction

    from chengxin.site.store.models import Count, SubjectCount

    with transaction.atomic():
        before = Count.objects.count()
        fold_now()
        assert differences([TODAY, TODAY + timedelta(days=100)]) == []
        assert wrong_subjects() == []
        assert Count.objects.count() < before
        assert SubjectCount.objects.count() <= 8
        fold_now()
        assert differences([TODAY]) == []
        transaction.set_rollback(True)


def test_what_the_cube_no_longer_tells_apart_is_counted_from_the_records(played: Site) -> None:
    from django.db import transaction

    from chengxin.site.access import counts
    from chengxin.site.access.asked import anybody
    from chengxin.site.store.models import Head

    with transaction.atomic():
        fold_now()
        head = Head.objects.get()
        for day, place in ((TODAY - timedelta(days=400), head.included), (TODAY, head.included - 5)):
            asked = anybody("public.counts", At(day, place, place))
            told, true = counts.by_month(asked), counts.from_records(asked.term())
            assert sorted(map(str, told)) == sorted(map(str, true))
            assert sorted(map(str, counts.from_cube(asked.term()))) != sorted(map(str, true))
            assert counts.registers(asked) == counts.by_names(asked) or place == head.included
        transaction.set_rollback(True)


def test_a_site_that_was_there_before_gets_its_cube_by_the_migration(played: Site) -> None:
    from django.core.management import call_command
    from django.db import connection

    from chengxin.site.access import counts
    from chengxin.site.access.asked import anybody
    from chengxin.site.store.models import Count

    asked = anybody("public.counts")
    before = counts.by_month(asked)
    call_command("migrate", "store", "0003", verbosity=0)
    assert "store_count" not in connection.introspection.table_names()
    call_command("migrate", "store", verbosity=0)
    assert Count.objects.exists()
    assert differences([TODAY, TODAY + timedelta(days=100)]) == []
    assert wrong_subjects() == []
    after = counts.by_month(asked)
    assert sum(one.n for one in after) == sum(one.n for one in before) > 0
    assert {one.prompt for one in after} == {None}  # when they were first told was not noted then

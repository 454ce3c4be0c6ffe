"""The gate's condition on the real tables: SQL chooses on either database what Polars chooses of the same rows."""

from datetime import date
from itertools import product

from chengxin.sharing.condition import At, Condition, Effect, Grade, Scope, States, Window, chosen
from chengxin.sharing.terms import COLUMNS, as_polars, as_sql
from chengxin.standards.readers import Kind
from tests.store.conftest import DAY, OWNER, Desk, code_of, fined, firm, registered

AFTER = date(2026, 6, 5)  # the last day of what is fined below


def test_sql_on_the_store_and_polars_choose_the_same_records(desk: Desk) -> None:
    from chengxin.site.store.bulk import rows_where
    from chengxin.site.store.models import Head

    trader = code_of(3, kind="92")
    given = {"CF_XDR_MC": firm(3), "CF_XDR_SHXYM": trader, "CF_XDR_LB": "个体工商户"}
    desk.send("registration", [registered(1), registered(2)])
    shop = {"主体类别": "个体工商户", "主体类型": "个体工商户", "经营者": "测试丙", "法定代表人（负责人）": ""}
    desk.send("registration", [registered(3, 统一社会信用代码=trader, **shop)])
    desk.send("penalty", [fined(1, "示例字〔2026〕1号"), fined(2, "示例字〔2026〕2号", X_SX_DJ="")])
    desk.send(
        "penalty", [fined(3, "示例字〔2026〕3号", X_SX_DJ="严重", CF_GSJZQ="2027/03/05", CF_YXQ="2028/03/05", **given)]
    )
    desk.send("penalty", [fined(1, "示例字〔2026〕1号", CF_NR_FK="2")])  # a correction: the first version has ended

    names = ", ".join('s."kind"' if c == "kind" else f'r."{c}"' for c in COLUMNS)
    query = f"SELECT {names}, r.id FROM store_record r JOIN store_subject s ON s.id = r.subject"
    schema = {**COLUMNS, "id": COLUMNS["subject"]}
    everything = rows_where(query, schema)
    assert (everything["until"].null_count() < everything.height, set(everything["kind"])) == (
        True,
        {"organisation", "sole_trader"},
    )
    head, seen = Head.objects.get(), set()
    columns = {c: f'{"s" if c == "kind" else "r"}."{c}"' for c in COLUMNS}
    for kind, grade, effect, scope, day in product(Kind, Grade, Effect, Scope, (DAY, AFTER)):
        at = At(day, head.included, head.committed, OWNER[0], *everything["subject"].head(2))
        parts = (States.IN_FORCE, grade, Window.WITHIN, effect, scope)
        term = chosen([Condition(r, kind, *parts) for r in ("penalty", "registration")], at)
        where = as_sql(term, columns)
        by_sql = rows_where(f"{query} WHERE {where.sql}", schema, where.values)["id"].sort()
        assert by_sql.to_list() == everything.filter(as_polars(term))["id"].sort().to_list()
        seen.add((kind, by_sql.len() > 0))
    assert seen >= {(Kind.ORGANISATION, True), (Kind.SOLE_TRADER, True), (Kind.PERSON, False)}

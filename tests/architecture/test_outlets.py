"""There is no second way out: records leave the store only through the gate's place, and each view names its outlet."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengxin.sharing.outlets import OUTLETS
from chengxin.sharing.rules import SHELL
from chengxin.sharing.terms import COLUMNS

PACKAGE = Path(__file__).parents[2] / "src" / "chengxin"
# Tables that hold or tell of records and people. Their rows are read here and nowhere else:
GUARDED = {"Record", "SaidAgain", "Subject", "SubjectFact", "Identifier", "Waiting", "PersonKey", "Kept", "Event"}
GUARDED |= {"Count", "SubjectCount"}
ALLOWED = ("site/access/", "site/store/", "site/actions/")  # the gate, the store itself, and what writes
READERS = {"unsealed"}  # functions of the store that hand out what a record says


def reaches(source: str) -> Iterator[str]:
    """What of the guarded tables a module names: an import, an attribute of the models, or the table in SQL."""
    tables = {f"store_{name.lower()}" for name in GUARDED}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("chengxin.site.store"):
            yield from (a.name for a in node.names if a.name in GUARDED | READERS or a.name == "models")
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("chengxin.site.store"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from sorted(t for t in tables if t in node.value.lower())
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("get_model", "get_models"):
            yield "get_model"


def unmarked(source: str) -> Iterator[str]:
    """View functions (first argument `request`) under neither `@through("a registered name")` nor `@without_records`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.args.args[0].arg if node.args.args else ""
            if first == "request" and not node.name.startswith("_") and not any(map(_marks, node.decorator_list)):
                yield node.name


def _marks(decorator: ast.expr) -> bool:
    if isinstance(decorator, ast.Name):
        return decorator.id == "without_records"
    named = isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id == "through"
    if not named or not isinstance(decorator, ast.Call) or not decorator.args:
        return False
    return all(isinstance(name, ast.Constant) and name.value in OUTLETS for name in decorator.args)


def modules() -> list[tuple[str, str]]:
    paths = [*(PACKAGE / "site").rglob("*.py"), *(PACKAGE / "cli").rglob("*.py")]
    return [(p.relative_to(PACKAGE).as_posix(), p.read_text("utf-8")) for p in sorted(paths)]


def test_records_leave_the_store_only_through_the_gate() -> None:
    found = {(name, what) for name, text in modules() if not name.startswith(ALLOWED) for what in reaches(text)}
    assert found == set()


def test_every_view_function_names_its_outlet() -> None:
    assert [(name, view) for name, text in modules() if name.startswith("site/") for view in unmarked(text)] == []


@pytest.mark.parametrize(
    "source",
    [
        "from chengxin.site.store.models import Record",
        "from chengxin.site.store import models",
        "import chengxin.site.store.models as m",
        "from chengxin.site.store.persons import unsealed",
        'SQL = "SELECT content FROM store_record WHERE subject = %s"',
        'apps.get_model("store", "Record")',
    ],
)
def test_a_way_past_the_gate_is_seen(source: str) -> None:
    assert list(reaches(source))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def page(request): ...", ["page"]),
        ('@through("public.everything")\ndef page(request): ...', ["page"]),
        ("@through(name)\ndef page(request): ...", ["page"]),
        ("@through()\ndef page(request): ...", ["page"]),
        ('@through("public.feed", "public.everything")\ndef page(request): ...', ["page"]),
        ('@through("public.feed", "upper.feed")\ndef page(request): ...', []),
        ('@through("public.subject")\ndef page(request): ...', []),
        ("@without_records\nasync def page(request): ...", []),
        ("def _part(request): ...\ndef other(row): ...", []),
    ],
)
def test_a_view_without_an_outlet_is_seen(source: str, names: list[str]) -> None:
    assert list(unmarked(source)) == names


def test_the_gate_names_columns_that_the_store_has() -> None:
    tree = ast.parse((PACKAGE / "site" / "store" / "models.py").read_text("utf-8"))
    record = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Record")
    columns = {t.id for n in record.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    assert SHELL | (set(COLUMNS) - {"kind"}) <= columns

"""The rules of the house that a machine can hold: layers, commands without a web framework, no traces, words for all."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from chengxin.standards.load import load_catalogue
from chengxin.validation.kinds import BY_KEY, FLAGGED, KINDS, WHOLE
from tests.conftest import DAY

HOUSE = Path(__file__).parents[2]
PACKAGE = HOUSE / "src" / "chengxin"
LAYERS = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
CATALOGUE = load_catalogue(DAY)
MESSAGES = {
    kind: said
    for path in (PACKAGE / "catalogue" / "messages").glob("*.yaml")
    for kind, said in yaml.safe_load(path.read_text("utf-8")).items()
}


def test_every_package_has_its_place_in_the_layers() -> None:
    placed = {name.strip() for layer in LAYERS["layers"] for name in re.split("[:|]", layer)} | set(
        LAYERS["exhaustive_ignores"]
    )
    packages = {p.name for p in PACKAGE.iterdir() if p.is_dir() and not p.name.startswith("_") and any(p.rglob("*.*"))}
    assert packages <= placed


# An import hook that refuses the web framework, as if it were not installed.
WITHOUT_DJANGO = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "django":
            raise ModuleNotFoundError("No module named 'django'", name="django")
sys.meta_path.insert(0, Refuse())
from chengxin.cli.main import main
sys.argv = ["chengxin", *sys.argv[1:]]
main()
"""


def run_without_django(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["standards", "explain", "penalty"],
        ["template", "penalty", "t.xlsx"],
        ["validate", "penalty", "rows.csv"],
        ["world", "--out", "w", "--subjects", "20"],
    ],
    ids=lambda a: a[0],
)
def test_the_commands_need_no_web_framework(arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("行政相对人名称,处罚决定日期\n即墨示例公司,2026-03-05\n", "utf-8")
    done = run_without_django(tmp_path, *arguments)
    assert done.returncode in (0, 1), done.stderr[-2000:]  # 1: the file has rows to mend
    assert "Traceback" not in done.stderr
    assert done.stdout


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [HOUSE / name for name in listed.stdout.split("\0") if name and (HOUSE / name).is_file()]


# Put together here, so that this file does not hold them.
TRACES = [
    *("/" + "work/", "/" + "root/", "/" + "tmp/", "/" + "home/", "/" + "Users/", "C:" + "\\\\Users"),
    *(
        "pypi." + "org",
        "files.python" + "hosted",
        "pypi-" + "more",
        "simple" + "/",
        "index-" + "url",
        "npm" + "js.org",
        "repo1." + "maven",
    ),
]
# Options of tools that say "write no address" hold the forbidden words themselves.
HARMLESS = ["--no-emit-" + "index-" + "url"]


def test_no_path_of_a_machine_and_no_address_of_a_registry_is_tracked() -> None:
    found = []
    for path in tracked_files():
        content = path.read_bytes().decode("utf-8", "replace")
        for option in HARMLESS:
            content = content.replace(option, "")
        found += [(path.relative_to(HOUSE).as_posix(), trace) for trace in TRACES if trace in content]
    assert found == []


def placeholders(sentence: str) -> set[str]:
    """The placeholders of a sentence; the English twin of a part counts as the part."""
    return {name.removesuffix("_en") for name in re.findall(r"\{(\w+)\}", sentence)}


@pytest.mark.parametrize("kind", sorted(MESSAGES))
def test_every_sentence_stands_in_both_languages_with_the_same_parts(kind: str) -> None:
    said = MESSAGES[kind]
    assert set(said) == {"zh", "en"}
    assert said["zh"].strip()
    assert said["en"].strip()
    assert placeholders(said["zh"]) == placeholders(said["en"])


def kinds_of_rules() -> list[str]:
    return sorted({rule.kind for resource in CATALOGUE.resources.values() for rule in resource.rules})


@pytest.mark.parametrize("kind", kinds_of_rules())
def test_every_kind_of_rule_has_a_sentence_and_a_function(kind: str) -> None:
    assert CATALOGUE.message(kind).zh
    assert kind in KINDS or kind in (*FLAGGED, *WHOLE, *BY_KEY)


def test_no_function_waits_for_a_rule_that_nobody_wrote() -> None:
    used = set(kinds_of_rules())
    assert set(KINDS) - used == set()

"""Outside checkers, installed by `npm ci` from the lock beside this file: axe, the Nu HTML checker, html-validate, Spectral."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_GUESS = "This document appears to be written in"  # a page of a program's interface is full of English words
NU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"


def missing(*wanted: str) -> str:
    """What of the wanted programs and packages is not here, as a reason to skip; "" if all are."""
    absent = [name for name in wanted if not (MODULES / name).exists() and shutil.which(name) is None]
    return (
        f"!! not here: {', '.join(absent)} (apt install chromium default-jre-headless npm; make test)" if absent else ""
    )


@lru_cache(maxsize=1)
def _axe() -> str:
    return (MODULES / "axe-core" / "axe.min.js").read_text("utf-8")


def axe(page: Page) -> Iterator[str]:
    """What axe finds on the page as it stands: rule, where, why."""
    page.evaluate(_axe())
    found = page.evaluate("tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", TAGS)
    for rule in found["violations"]:
        for node in rule["nodes"][:4]:
            why = " ".join(str(node["failureSummary"]).split())
            yield f"axe {rule['id']} at {' '.join(map(str, node['target']))}: {why[:300]}"


def nu(folder: Path) -> list[str]:
    """Errors and warnings of the Nu HTML checker about the pages in a folder."""
    command = ["java", "-jar", NU, "--format", "json", "--skip-non-html", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    told = [one for one in json.loads(done.stderr)["messages"] if not one["message"].startswith(_GUESS)]
    return [_line("nu", one["url"], one.get("lastLine"), one["message"], one.get("extract", "")) for one in told]


def html_validate(folder: Path) -> list[str]:
    """Faults that html-validate finds in the pages of a folder."""
    program = MODULES / ".bin" / "html-validate"
    told = folder / "told.json"  # to a pipe it tells only what fits into one
    command = [program, "--config", HERE / "html-validate.json", "--formatter", f"json={told}", f"{folder}/*.html"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in (0, 1), done.stderr
    return [
        _line(one["ruleId"], file["filePath"], one["line"], one["message"], one.get("selector") or "")
        for file in json.loads(told.read_text("utf-8"))
        for one in file["messages"]
    ]


def spectral(document: Path) -> list[str]:
    """What Spectral finds in an OpenAPI document."""
    command = [MODULES / ".bin" / "spectral", "lint", "--ruleset", HERE / "spectral.yaml", "--format", "json", document]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in (0, 1), done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout[: done.stdout.rindex("]") + 1])
    return [f"{one['code']} {'.'.join(map(str, one['path']))}: {one['message']}" for one in told]


def _line(rule: str, place: str, line: Any, message: str, near: str) -> str:
    return f"{rule} {place.rpartition('/')[2]}:{line}: {message} [{' '.join(near.split())[:160]}]"

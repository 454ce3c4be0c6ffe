"""Every page as outside checkers see it: axe at two widths, the Nu HTML checker, html-validate; full, empty, and refusing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import walks
from tests.browser.checkers import html_validate, missing, nu
from tests.browser.chromium import somebody
from tests.browser.sites import Served, names_of
from tests.browser.walker import Walker, examine
from tests.site.desks import OPENS
from tests.site.test_crawl import GIVEN

NEEDED = missing("axe-core", "html-validate", "vnu-jar", "java", "node")
pytestmark = [pytest.mark.prove, pytest.mark.skipif(bool(NEEDED), reason=NEEDED)]
FILES = {
    *("search_file", "subject_json", "record_json", "list_file", "tile_file", "dcat", "package", "feed", "robots"),
    *("log_checkpoint", "log_files", "log_tile", "api_openapi", "account_picture", "subject_file"),
    *("verify_json", "verify_certificate", "subject_report_file", "subject_report_data"),
    *("office_report_zip", "office_report_csv", "office_report_xlsx"),
    *("department_template", "department_annotated", "department_findings", "department_receipt_pdf"),
}
LEADS_ON = {"office"}  # to the first page of its menu
# Where ways are checked together, and the beginnings of the names of all addresses that they must have opened.
ROOMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "public": (("public", "wrong"), tuple(GIVEN)),
    "department": (("department", "upload", "reviewer", "officer", "manager"), ("department", "team")),
    "office": (("office", "auditor", "guard"), ("office",)),
    "own": (("company", "citizen", "account", "second", "passkey", "wrong"), ("subject_", "account_", "mfa_")),
}


def walked(
    browser: Browser, site: Served, ways: list[tuple[str, walks.Way]], folder: Path
) -> tuple[list[str], set[str]]:
    """What is wrong with the pages on these ways, and their paths."""
    found, paths = list[str](), set[str]()
    for login, walk in ways:
        with somebody(browser, site, login) as page:
            walker = Walker(page, examine, folder)
            walk(walker)
        found += walker.faults
        paths |= set(walker.opened.values())
    assert len(list(folder.glob("*.html"))) > 0
    return [*found, *nu(folder), *html_validate(folder)], paths


@pytest.mark.parametrize("room", ROOMS)
def test_pages_at_work_and_refusals_have_no_faults(chromium: Browser, full: Served, room: str, tmp_path: Path) -> None:
    ways, names = ROOMS[room]
    faults, paths = walked(chromium, full, [walks.FULL[way] for way in ways], tmp_path)
    assert faults == []
    asked = {name for name in (GIVEN if room == "public" else OPENS) if name.startswith(names)} - FILES - LEADS_ON
    assert asked - set(names_of(full.folder, sorted(paths)).values()) == set()


def test_pages_with_nothing_on_them_have_no_faults(chromium: Browser, empty: Served, tmp_path: Path) -> None:
    faults, _ = walked(chromium, empty, list(walks.EMPTY.values()), tmp_path)
    assert faults == []

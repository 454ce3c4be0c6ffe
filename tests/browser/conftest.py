"""A browser and two sites for each worker of pytest. Where a program is missing these tests are skipped and say which."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import chromium as browsers
from tests.browser import sites
from tests.browser.checkers import missing
from tests.browser.sites import Served


@pytest.fixture(scope="session")
def together(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers share."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if browsers.program() is None:
        pytest.skip(missing("chromium"))
    with browsers.started() as browser:
        yield browser


@pytest.fixture(scope="session")
def full(together: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    """The demonstration of a small district, with work under way at every desk."""
    made = sites.made_once(together / "full", sites.make_full)
    with sites.serving(made, tmp_path_factory.mktemp("full-site") / "site") as served:
        yield served


@pytest.fixture(scope="session")
def empty(together: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Served]:
    """A site to which nobody has sent anything."""
    made = sites.made_once(together / "empty", sites.make_empty)
    with sites.serving(made, tmp_path_factory.mktemp("empty-site") / "site") as served:
        yield served

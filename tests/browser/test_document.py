"""The API's document as outside programs read it: Spectral, and Schemathesis, which sends whatever the document allows."""

import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.browser.checkers import missing, spectral
from tests.browser.sites import Served, database, environment, run

DOCUMENT = "/api/v1/openapi.json"


@pytest.mark.skipif(bool(missing("node", ".bin/spectral")), reason=missing("node", ".bin/spectral"))
def test_the_document_of_the_api_has_no_faults(full: Served, tmp_path: Path) -> None:
    with urllib.request.urlopen(full.address + DOCUMENT) as told:
        (tmp_path / "openapi.json").write_bytes(told.read())
    assert spectral(tmp_path / "openapi.json") == []


@pytest.mark.prove
def test_whatever_the_document_allows_is_answered_as_it_says(full: Served) -> None:
    key = run("tests.browser.stage", str(full.folder), "--key", **database(full.folder)).strip()
    command = [
        *(Path(sys.executable).parent / "schemathesis", "run", full.address + DOCUMENT),
        *("--header", f"Authorization: Bearer {key}", "--checks", "all", "--max-examples", "40", "--seed", "1"),
        *(
            "--exclude-checks",
            "positive_data_acceptance",
        ),  # what has the right shape may still be no record of anything
        *("--max-time", "180", "--rate-limit", "40/s", "--no-color", "--suppress-health-check", "all"),
    ]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]

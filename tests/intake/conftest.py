"""Fixtures of intake: the example files given with the project, used only where they are at hand."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(scope="session")
def examples() -> Path:
    if not SHARED.is_dir():
        pytest.skip(f"NOT RUN: the worked examples are not at hand ({SHARED.name})")
    return SHARED

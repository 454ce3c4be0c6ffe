"""A catalogue to spoil: the shipped one with the sound example laid over it."""

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from chengxin.standards import yaml_file
from chengxin.standards.lint import Complaint, lint
from chengxin.standards.load import shipped_catalogue
from chengxin.validation.kinds import BY_KEY, FLAGGED, KINDS, WHOLE

HERE = Path(__file__).parent
DAY = date(2026, 11, 23)
RULE_KINDS = frozenset({*KINDS, *FLAGGED, *WHOLE, *BY_KEY})


_read = cache(yaml_file.read_yaml)


@pytest.fixture
def yaml_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unchanged files are links to the shipped ones: each is parsed once for all tests."""
    monkeypatch.setattr(yaml_file, "read_yaml", lambda path: _read(path.resolve()))


@pytest.fixture
def with_files(tmp_path: Path, yaml_read_once: None) -> Callable[..., Path]:
    """Lay folders over the shipped catalogue, later ones on top; gives the root of the result."""

    def lay(*folders: Path, name: str = "catalogue") -> Path:
        root = tmp_path / name
        for folder in (shipped_catalogue(), *folders):
            for source in folder.rglob("*.yaml"):
                target = root / source.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                target.symlink_to(source.resolve())
        return root

    return lay


def complaints(root: Path) -> list[Complaint]:
    """What lint says of a catalogue on the day of the tests."""
    return lint(root, DAY, RULE_KINDS)

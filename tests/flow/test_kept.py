"""What a folder came to is kept beside it, whatever its files are called and whatever happens to what was kept."""

import os
from pathlib import Path

from chengxin.flow.kept import FOLDER, digest_of, keep_registers, kept_registers
from chengxin.flow.way import Registers
from tests.flow.conftest import DAY, setting


def test_names_that_are_no_utf8_count_like_others(tmp_path: Path) -> None:
    catalogue = setting().catalogue
    before = digest_of(tmp_path, catalogue, DAY, frozenset())
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xb4\xa6.csv")).write_bytes(b"x")
    assert digest_of(tmp_path, catalogue, DAY, frozenset()) != before


def test_what_was_damaged_is_made_anew(tmp_path: Path) -> None:
    keep_registers(tmp_path, "digest", Registers())
    assert kept_registers(tmp_path, "digest") is not None
    (tmp_path / FOLDER / "digest" / "records.parquet").write_bytes(b"PAR1")
    assert kept_registers(tmp_path, "digest") is None

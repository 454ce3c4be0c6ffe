"""What a folder's files came to, kept beside them, so that asking twice doesn't mean reading twice.

Kept under a digest of everything the answer rests on: the files, the catalogue, the day, the codes that were confirmed.
Records of persons are not kept. The next stage of the platform has a store instead.
"""

import hashlib
import os
from datetime import date
from pathlib import Path

import polars as pl

from chengxin.flow.way import Registers
from chengxin.standards.load import Catalogue

FOLDER = ".registers"
FORM = "1"  # of the kept frames; another form is read anew


def digest_of(folder: Path, catalogue: Catalogue, day: date, confirmed: frozenset[str]) -> str:
    """A digest that changes whenever the registers built from `folder` could."""
    seen = hashlib.sha256(f"{FORM} {day} {sorted(confirmed)}".encode())
    for root in (folder, catalogue.root):
        for path in sorted(p for p in root.rglob("*") if p.is_file() and FOLDER not in p.parts):
            facts = path.stat()
            seen.update(os.fsencode(path.relative_to(root)) + f" {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:32]


def kept_registers(folder: Path, digest: str) -> Registers | None:
    """The registers kept under this digest, or None; what was damaged since is made anew."""
    place = folder / FOLDER / digest
    if not (place / "whole").exists():
        return None
    try:
        return Registers(pl.read_parquet(place / "subjects.parquet"), pl.read_parquet(place / "records.parquet"))
    except (OSError, pl.exceptions.PolarsError):
        return None


def keep_registers(folder: Path, digest: str, registers: Registers) -> None:
    """Keep them, whole or not at all; a folder that can't be written to is left alone."""
    if not os.access(folder, os.W_OK):
        return
    place = folder / FOLDER / digest
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    registers.subjects.write_parquet(place / "subjects.parquet")
    registers.records.filter(~pl.col("subject").str.starts_with("person:")).write_parquet(place / "records.parquet")
    (place / "whole").touch()

"""What an authority's headings meant last time: a small file each, written whole or not at all."""

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

MOST_HEADINGS = 512
LONGEST_HEADING = 200


def remembered(folder: Path, authority: str, resource: str) -> dict[str, str]:
    """The clerk's heading → field code, as last confirmed; empty if nothing is remembered or the file is broken."""
    try:
        return msgspec.json.decode(_file(folder, authority, resource).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def remember(folder: Path, authority: str, resource: str, mapping: Mapping[str, str]) -> None:
    """Keep `mapping` beside what is already remembered; a heading named again gets its new meaning."""
    merged = remembered(folder, authority, resource) | {
        heading: code for heading, code in mapping.items() if 0 < len(heading) <= LONGEST_HEADING
    }
    kept = dict(list(merged.items())[-MOST_HEADINGS:])
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(kept)))
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(_file(folder, authority, resource))
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _file(folder: Path, authority: str, resource: str) -> Path:
    safe = [re.sub(r"[^0-9A-Za-z_\-]", "_", part)[:60] for part in (authority, resource)]
    return folder / f"{safe[0]}.{safe[1]}.json"

"""Files that a command writes: refused before the work begins if they can't be, and written whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from chengxin.values.errors import Refused, Said


def check_outputs(outputs: Sequence[Path | None], inputs: Sequence[Path | None]) -> None:
    """Refuses an output that is an input or another output, is no plain file, or has no folder."""
    taken = [_place(path) for path in inputs if path]
    for path in filter(None, outputs):
        if _place(path) in taken:
            said = f"“{path}”已是这条命令的另一个文件，不会覆盖它。请换一个文件名。"
            raise Refused("output-taken", Said(said, f"'{path}' is another file of this command; take another name."))
        if not path.parent.is_dir() or ((path.exists() or path.is_symlink()) and not path.is_file()):
            said = f"写不到“{path}”：文件夹不存在，或它不是文件。请核对路径。"
            raise Refused("output-place", Said(said, f"Can't write '{path}': no such folder, or it is not a file."))
        taken.append(_place(path))


def _place(path: Path) -> str:
    """Where the path leads; unlike `Path.resolve` it does not fail where links lead in a circle."""
    return os.path.realpath(path)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place to write to, put at `path` at the end; nothing is left of it if the writing fails."""
    fresh = path.with_name(f".{path.name}.part")
    try:
        yield fresh
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)

"""`chengxin changes` and `chengxin snapshot`: what a partner takes over, as anybody may have it. Imports as in `cli.site`."""

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, cast

import msgspec
import typer

from chengxin.cli import show
from chengxin.cli.outputs import whole
from chengxin.cli.site import HERE, Where, open_here
from chengxin.values.errors import Said

Since = Annotated[
    str | None, typer.Option("--since", help="上次得到的游标，省略则从头 · cursor; else from the beginning")
]
Out = Annotated[Path, typer.Argument(help="写到哪里（.jsonl 或 .jsonl.gz） · where to")]
_LINE = msgspec.json.Encoder()


def changes(since: Since = None, site: Where = HERE) -> None:
    """列出游标之后的变动，JSON Lines · what changed since a cursor; the last line holds the next cursor."""
    opened = open_here(site)
    from chengxin.site.access.asked import anybody
    from chengxin.site.access.cursors import key_of
    from chengxin.site.access.feeding import AT_ONCE
    from chengxin.site.access.feeding import changes as told

    key = key_of(opened.keys.token)
    while True:
        part = told(anybody("public.feed"), key, since, AT_ONCE)
        for line in part.lines:
            typer.echo(line)
        since = part.cursor
        typer.echo(_LINE.encode({"cursor": since, "more": part.more, "withheld": part.withheld}))
        if not part.more:
            return


def snapshot(out: Out, site: Where = HERE) -> None:
    """写出公开信息快照和签名清单 · write what is public, one record a line, and beside it a signed note of its digest and place."""
    opened = open_here(site)
    from chengxin.site.access.asked import anybody
    from chengxin.site.access.cursors import key_of
    from chengxin.site.access.feeding import cursor_here, signed_note
    from chengxin.site.access.feeding import snapshot as told

    asked, digest, count = anybody("public.snapshot"), hashlib.sha256(), 0
    cursor = cursor_here(asked, key_of(opened.keys.token))
    note = out.with_name(f"{out.name}.note")
    with whole(out) as fresh, _open(fresh, out.suffix == ".gz") as file:
        for part in told(asked):
            lines = b"\n".join([*part, b""])
            digest.update(lines)
            file.write(lines)
            count += len(part)
    with whole(note) as fresh:
        fresh.write_bytes(signed_note(opened.keys.log, asked.at, count, digest.hexdigest()))
    show.say(
        Said(
            f"快照已写到 {out}，共 {count:,} 条，截至 {asked.at.day}；签名清单 {note}。此后的变动：--since {cursor}",
            f"Wrote {count:,} records as of {asked.at.day} to {out}, and the signed note {note}. Changes since: --since {cursor}",
        )
    )


@contextmanager
def _open(path: Path, zipped: bool) -> Iterator[BinaryIO]:
    # Zipped the same way each time, without a time or name in it.
    with path.open("wb") as file:
        if not zipped:
            yield file
            return
        with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
            yield cast(BinaryIO, packed)

"""Records of a frame as lines of JSON, each cut to what the gate allows: what `reading.cut` gives, made for many at once."""

from functools import lru_cache

import msgspec
import polars as pl

from chengxin.flow.store import SEALED
from chengxin.site.access.asked import Asked
from chengxin.site.access.disputes import disputes_among, told
from chengxin.site.access.reading import shown_fields
from chengxin.standards.readers import Kind

_NOTHING = msgspec.Raw(b"")
_SEALED = SEALED.encode()
_ENCODER = msgspec.json.Encoder()


def put_lines(asked: Asked, rows: pl.DataFrame) -> list[bytes]:
    """One entry `put` for each row (columns of `WHOLE`, `since` and the subject's `kind`), in order."""
    lines = _plain_lines(asked, rows)
    marked = disputes_among(asked.at, rows)
    if marked:
        for at, (identity, *of) in enumerate(rows.select("id", "resource", "kind").iter_rows()):
            if identity in marked:
                answer = asked.answers()[of[0], Kind(of[1])]
                mark = told(marked[identity], asked.outlet.view, bool(answer.fields))
                lines[at] = b'%b,"disputed":%b}' % (lines[at][:-1], _ENCODER.encode(mark and mark.as_data()))
    return lines


def _plain_lines(asked: Asked, rows: pl.DataFrame) -> list[bytes]:
    lines = [b""] * rows.height
    for (resource, kind, withheld), part in rows.with_row_index("_at").group_by("resource", "kind", "withheld"):
        answer = asked.answers()[str(resource), Kind(str(kind))]
        fields = tuple(sorted(shown_fields(asked, answer, str(withheld or ""))))
        heads = _heads(part, sorted(answer.columns))
        made = [b"%b%b}" % pair for pair in zip(heads, _contents(part["content"], fields), strict=True)]
        if part.height == rows.height:
            return made
        for at, line in zip(part["_at"].to_list(), made, strict=True):
            lines[at] = line
    return lines


def gone_lines(ids: pl.Series, change_sets: pl.Series) -> list[bytes]:
    """One entry `gone` for each id; the change set is null where none ended it."""
    pairs = zip(ids.to_list(), change_sets.to_list(), strict=True)
    return [_ENCODER.encode({"op": "gone", "id": i, "change_set": n}) for i, n in pairs]


def same_lines(rows: pl.DataFrame) -> list[bytes]:
    """One entry for each judgement (id, since, subject, target) that two subjects are one."""
    return [
        _ENCODER.encode(
            {
                "op": "put",
                "id": row["id"],
                "last_day": None,
                "change_set": row["since"],
                "same": {"subject": row["subject"], "into": row["target"]},
            }
        )
        for row in rows.iter_rows(named=True)
    ]


def _heads(rows: pl.DataFrame, columns: list[str]) -> list[bytes]:
    """Each line up to its content. Ids are digits, days and numbers are plain: nothing of them needs to be escaped."""
    told = rows.select(columns).with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))
    record = told.to_struct().struct.json_encode()
    last_day = pl.concat_str(pl.lit('"'), pl.col("last_day").dt.to_string("%Y-%m-%d"), pl.lit('"')).fill_null("null")
    parts = (
        *(pl.lit('{"op":"put","id":"'), pl.col("id"), pl.lit('","last_day":'), last_day),
        *(pl.lit(',"change_set":'), pl.col("since").cast(pl.String), pl.lit(',"record":'), pl.lit(record)),
        pl.lit(',"content":'),
    )
    made: list[bytes] = rows.select(pl.concat_str(*parts).cast(pl.Binary)).to_series().to_list()
    return made


def _contents(texts: pl.Series, fields: tuple[str, ...]) -> list[bytes]:
    """Each content cut to the fields. One that holds no others, as its decoder proves, is written as it stands."""
    if not fields:
        return [b"{}"] * len(texts)
    whole, cut = (msgspec.json.Decoder(_shape(fields, strict)).decode for strict in (True, False))
    contents: list[bytes] = texts.cast(pl.Binary).to_list()
    try:
        for text in contents:
            whole(text)
    except msgspec.DecodeError:  # the first that holds more, or is sealed: these are alike, so all are looked at
        encode = _ENCODER.encode
        return [b"{}" if text.startswith(_SEALED) else encode(cut(text)) for text in contents]
    return contents


@lru_cache(maxsize=256)
def _shape(fields: tuple[str, ...], strict: bool) -> type[msgspec.Struct]:
    """A content of which only these fields are read, each as it stands; what is not there is not written either.

    Strict: a content with any other field is refused.
    """
    numbered = {f"f{at}": name for at, name in enumerate(fields)}
    members = [(member, msgspec.Raw, _NOTHING) for member in numbered]
    return msgspec.defstruct("Shown", members, omit_defaults=True, rename=numbered, forbid_unknown_fields=strict)

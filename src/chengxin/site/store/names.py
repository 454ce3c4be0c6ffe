"""The index of names: hints by which organisations are looked up, written with what they were made from.

A hint that is there already is left as it is, and one that no name needs any more does no harm: it only costs room. So
hints need no end, and none is ever missing for what a reader can see.
"""

import polars as pl
from django.db import connection, transaction

from chengxin.site.store.bulk import Schema, on_postgres, pieces, put_rows, rows_where
from chengxin.site.store.models import Head
from chengxin.standards.load import load_catalogue
from chengxin.subjects.names.grams import GRAMS, grams_of
from chengxin.subjects.names.words import Words, words_of
from chengxin.values.clock import legal_today

_PART = 20_000  # subjects whose names are split at a time
_PIECE = 50_000  # hints in one statement
_NAMES: Schema = dict.fromkeys(("subject", "code", "name", "former_names"), pl.String)
_LIVING = """
SELECT f.subject, f.code, f.name, CAST(f.former_names AS text) FROM store_subjectfact f JOIN store_subject s ON s.id = f.subject
WHERE f.until IS NULL AND s.kind = 'organisation' AND f.subject > %s ORDER BY f.subject LIMIT %s
"""
_ADD = "INSERT INTO store_namegram (gram, subject, since) {rows} ON CONFLICT DO NOTHING"
_PAIRS = "unnest(%s::text[], %s::uuid[]) AS c (gram, subject)"


def put(rows: pl.DataFrame, fresh: pl.Series) -> None:
    """Add hints (gram, subject, since). `fresh`: subjects of which there can't be any yet."""
    new = rows["subject"].is_in(fresh.implode())
    put_rows("store_namegram", rows.filter(new))
    for piece in pieces(rows.filter(~new), _PIECE):
        since = int(piece["since"][0])
        given = f"SELECT gram, subject, {since} FROM {_PAIRS}" if on_postgres() else f"VALUES (%s, %s, {since})"  # noqa: S608
        _execute(_ADD.format(rows=given), piece)


def drop(rows: pl.DataFrame) -> None:
    """Take hints (GRAMS) away."""
    given = "USING {pairs} WHERE g.gram = c.gram AND g.subject = c.subject"
    sql = f"g {given.format(pairs=_PAIRS)}" if on_postgres() else "WHERE gram = %s AND subject = %s"
    for piece in pieces(rows, _PIECE):
        _execute(f"DELETE FROM store_namegram {sql}", piece)  # noqa: S608 - names of ours


def _execute(sql: str, piece: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        if on_postgres():
            cursor.execute(sql, [piece["gram"].to_list(), piece["subject"].to_list()])
        else:
            with transaction.atomic():
                cursor.executemany(sql, list(piece.select(GRAMS.keys()).iter_rows()))


def unneeded(gone: pl.DataFrame, stays: pl.DataFrame) -> pl.DataFrame:
    """The hints (GRAMS) of facts that are gone, without those that other facts of these subjects need.

    Both: subject, code, name, former_names (as JSON).
    """
    words = _words()
    return _grams(gone, words).join(_grams(stays, words), on=list(GRAMS), how="anti", maintain_order="left")


def kept_up(head: Head) -> bool:
    """True if the index was made by the words of the catalogue."""
    return head.names == _words().digest


def keep_up(head: Head) -> None:
    """Make the index anew if it was made by other words than the catalogue's. Only the writer may call it."""
    words = _words()
    if kept_up(head):
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM store_namegram")
        last = "0" * 32
        while (part := rows_where(_LIVING, _NAMES, (last, _PART))).height:
            put_rows("store_namegram", _grams(part, words).with_columns(since=pl.lit(head.committed, dtype=pl.Int32)))
            last = str(part["subject"][-1])
        Head.objects.update(names=words.digest)


def _words() -> Words:
    return words_of(load_catalogue(legal_today()))


def _grams(facts: pl.DataFrame, words: Words) -> pl.DataFrame:
    lists = pl.col("former_names").str.json_decode(pl.List(pl.String))
    return grams_of(facts.select("subject", "code", "name", lists), words)

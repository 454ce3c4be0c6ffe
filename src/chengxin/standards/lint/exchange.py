"""The terms of the exchange: hours and days that are numbers, a digest we can make, a name for each element of a package."""

from collections.abc import Iterator, Mapping

from chengxin.standards.lint.book import Book
from chengxin.standards.lint.complaint import Complaint, complain

FILE = "cn/exchange.yaml"
DIGESTS, VALUES = ("sha256", "sm3"), ("stored", "code")
ELEMENTS = (
    *("package", "header", "batch", "number", "sender", "receiver", "time", "day", "mode", "standard", "version"),
    *("files", "file", "name", "rows", "digest", "receipt", "accepted", "rejected", "duplicates", "errors", "error"),
    *("row", "id", "field", "rule", "message"),
)


def exchange_can_be(book: Book) -> Iterator[Complaint]:
    """What a package and the feed need is there and of its kind."""
    data = book.raw.get(FILE)
    if data is None:
        return
    told = data if isinstance(data, Mapping) else {}
    feed, package = (t if isinstance(t := told.get(name), Mapping) else {} for name in ("feed", "package"))
    for name in ("cursor_days", "confirm_within_hours"):
        if type(feed.get(name)) is not int or feed[name] < 1:
            yield _wrong(f"feed.{name}", "应为正整数", "should be a whole number above 0")
    for name, known in (("digest", DIGESTS), ("values", VALUES)):
        if package.get(name) not in known:
            yield _wrong(f"package.{name}", f"应为 {' 或 '.join(known)}", f"should be {' or '.join(known)}")
    for name, needed in (("elements", ELEMENTS), ("modes", ("whole", "increment"))):
        words = package.get(name)
        texts = {k: v for k, v in words.items() if isinstance(v, str) and v} if isinstance(words, Mapping) else {}
        if set(texts) != set(needed) or len(set(texts.values())) < len(needed):
            listed = ", ".join(needed)
            yield _wrong(
                f"package.{name}", f"须各有一个不同的名称：{listed}", f"needs a name of its own for each of {listed}"
            )
    for name in ("standard", "version"):
        if not isinstance(package.get(name), str):
            yield _wrong(f"package.{name}", "应为文字", "should be a text")


def _wrong(place: str, zh: str, en: str) -> Complaint:
    return complain(FILE, place, "exchange-terms", zh, en)


CHECKS = [exchange_can_be]

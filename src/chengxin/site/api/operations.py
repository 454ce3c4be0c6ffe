"""Operations: each address with its methods, what it takes and gives. Requests go this way, and OpenAPI is made from it."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from chengxin.site.access.spending import address_of
from chengxin.site.actions.api_keys import Holder
from chengxin.site.api import keys, limits, problems
from chengxin.site.api.problems import Wrong
from chengxin.site.api.unfit import unfit
from chengxin.values.errors import Refused, Said

JSON = "application/json"
MOST_JSON = 1 << 20  # bytes of a body in memory (trust 6.4)
_LOG = logging.getLogger("django.request")


@dataclass(frozen=True)
class Reply:
    """An answer that is no problem: a shape as JSON, a file, or a file that is made while it is sent."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None
    stream: Iterator[bytes] | None = None
    media_type: str = JSON


@dataclass(frozen=True)
class Call:
    """One request: who holds the key (None: anybody), and the body if the operation takes JSON."""

    holder: Holder | None
    body: Any = None

    @property
    def held(self) -> Holder:
        """Whose key it is, at operations that take one."""
        if self.holder is None:
            raise LookupError("an operation without a key asks for its holder")
        return self.holder


View = Callable[..., Reply]


@dataclass(frozen=True)
class Operation:
    """One method of one address (`path` as OpenAPI writes it), as it is documented and carried out."""

    method: str
    path: str
    said: Said
    about: Said
    view: View
    takes: type | None
    form: type | None
    gives: dict[int, tuple[type | None, Said]]
    with_key: bool
    query: dict[str, tuple[dict[str, Any], Said]]
    headers: dict[str, tuple[dict[str, Any], Said]]
    file: str | None
    example: Any
    refusals: tuple[str, ...]


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    said: Said,
    about: Said,
    gives: dict[int, tuple[type | None, Said]],
    *,
    takes: type | None = None,
    form: type | None = None,
    with_key: bool = True,
    query: dict[str, tuple[dict[str, Any], Said]] | None = None,
    headers: dict[str, tuple[dict[str, Any], Said]] | None = None,
    file: str | None = None,
    example: Any = None,
    refusals: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Marks `view(request, call, **places)` as an operation. With `form` it reads its body by itself; `file`: the type of
    the file that it may give instead of JSON."""

    def marked(view: View) -> View:
        OPERATIONS.append(
            Operation(
                method, path, said, about, view, takes, form, gives, with_key, query or {}, headers or {}, file, example, refusals
            )
        )  # fmt: skip
        return view

    return marked


def at(*views: View) -> Callable[..., HttpResponseBase]:
    """The view of an address: the operations by method. All that goes wrong in it is a problem."""
    by_method = {o.method: o for v in views for o in OPERATIONS if o.view is v}
    allowed = ", ".join(sorted({*by_method, *(("HEAD",) if "GET" in by_method else ())}))

    @csrf_exempt  # no cookie counts here
    def _view(incoming: HttpRequest, **places: str) -> HttpResponseBase:
        method = "GET" if incoming.method == "HEAD" else incoming.method or ""
        headers: dict[str, str] = {}
        try:
            if method not in by_method:
                said = Said(f"这个地址只支持 {allowed}。", f"This address takes {allowed} only.")
                raise Wrong("method", said, headers={"Allow": allowed})
            return _answered(incoming, by_method[method], places, headers)
        except Wrong as wrong:
            answer = problems.answer(incoming, wrong)
        except Refused as refusal:
            answer = problems.answer(incoming, problems.wrong_from(refusal))
        except Exception as error:  # whatever it is: a problem, and nothing of it outside
            _LOG.error("%s: %s", incoming.path, type(error).__name__, exc_info=error)
            said = Said("服务出错，已记录。请稍后再试。", "Something broke here and was noted. Please try again later.")
            answer = problems.answer(incoming, Wrong("broken", said))
        for name, value in headers.items():
            answer.headers.setdefault(name, value)
        return answer

    return _view


def _answered(
    incoming: HttpRequest, one: Operation, places: dict[str, str], headers: dict[str, str]
) -> HttpResponseBase:
    keys.not_in_address(incoming)
    holder = keys.holder(incoming) if one.with_key else None
    headers |= limits.spend(*((limits.KEY, holder.id) if holder else (limits.ANYBODY, address_of(incoming))))
    call = Call(holder, decoded(incoming, one.takes) if one.takes and not one.form else None)
    reply = one.view(incoming, call, **places)
    answer: HttpResponseBase
    if reply.stream is not None and incoming.method != "HEAD":
        answer = StreamingHttpResponse(reply.stream, status=reply.status, content_type=reply.media_type)
    else:
        content = reply.file or (b"" if reply.content is None else msgspec.json.encode(reply.content))
        answer = HttpResponse(content, status=reply.status, content_type=reply.media_type)
    for name, value in (headers | reply.headers).items():
        answer.headers[name] = value
    return answer


def decoded(incoming: HttpRequest, shape: type, most: int = MOST_JSON) -> Any:
    """The JSON body as `shape`. Raises Wrong: another type of content, too large, malformed, or not of the shape."""
    is_json(incoming)
    not_larger(incoming, most)
    try:
        return from_json(incoming.body, shape)
    except RequestDataTooBig as error:
        raise too_large(most) from error


def is_json(incoming: HttpRequest, form: str = "") -> None:
    """Raises Wrong (media-type) unless the body says that it is JSON in UTF-8. `form`: the other type that is taken here."""
    if incoming.content_type != JSON or (incoming.content_params or {}).get("charset", "utf-8").lower() != "utf-8":
        said = Said(f"请以 {JSON}（UTF-8）发送。", f"Send {JSON} (UTF-8).")
        if form:
            zh = f"行请以 {JSON}（UTF-8）发送；文件请以 {form} 发送，放在 file 中。"
            said = Said(zh, f"Send rows as {JSON} (UTF-8), or a file as {form}, with the file as “file”.")
        raise Wrong("media-type", said, headers={"Accept": f"{JSON}, {form}" if form else JSON})


def not_larger(incoming: HttpRequest, most: int) -> None:
    """Raises Wrong (too-large) by what the request says of its own length."""
    length = incoming.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > most:
        raise too_large(most)


def too_large(most: int) -> Wrong:
    """The problem of a body that is too large."""
    megabytes = most >> 20
    return Wrong("too-large", Said(f"内容不得超过 {megabytes} MB。", f"At most {megabytes} MB."))


def from_json(content: bytes, shape: type) -> Any:
    """Decoded strictly: no NaN, no text for a number, no unknown name. Raises Wrong (bad-json, body)."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        raise unfit(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        said = Said(
            "不是正确的 JSON（UTF-8，不得有 NaN，嵌套不得过深）。", "Not JSON (UTF-8, no NaN, not nested too deep)."
        )
        raise Wrong("bad-json", said) from error

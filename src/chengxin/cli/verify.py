"""`chengxin verify FILE|NUMBER`: at the site that issued it, or offline with its certificate and the key of its log."""

from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from chengxin.audit.notes import Verifier, parse_verifier
from chengxin.cli import opened
from chengxin.cli.site import HERE, AsJson, Where, answer, open_here
from chengxin.reports.number import read
from chengxin.reports.paper import JSON_NAME, PROOF_NAME
from chengxin.reports.proof import proves
from chengxin.reports.seal import attached, check_seal
from chengxin.values.clock import LEGAL_ZONE
from chengxin.values.errors import Refused, Said

LARGEST = 64 << 20


def verify(
    what: Annotated[str, typer.Argument(help="报告文件或编号 · the report's file or its number")],
    site: Where = HERE,
    certificate: Annotated[
        Path | None, typer.Option(help="离线：出具单位的证书（PEM）· offline: the issuer's certificate")
    ] = None,
    log_key: Annotated[str, typer.Option(help="离线：公开日志的公钥 · offline: the key of the log")] = "",
    as_json: AsJson = False,
) -> None:
    """核验信用报告：真实、被改动还是没有出具过 · genuine, altered or unknown."""
    if certificate is not None:
        _offline(_file(what), certificate, log_key, as_json)
        return
    open_here(site)
    from chengxin.site.actions import verifying  # noqa: PLC0415 - models exist once a site is open

    verdict = verifying.by_file(_file(what)) if Path(what).exists() else verifying.by_number(_number(what))
    said = verdict.said
    if verdict.state == verifying.GENUINE and verdict.row:
        row, issued = verdict.row, verdict.row.issued_at.astimezone(LEGAL_ZONE)
        more = [
            (
                f"出具于 {issued:%Y-%m-%d %H:%M}，数据截至 {row.day}",
                f"issued {issued:%Y-%m-%d %H:%M}, as of {row.day}",
            )
        ]
        more += [("已撤销", "WITHDRAWN")] if verdict.withdrawn else []
        more += [("此后公示的信息有变化", "what is public has changed since")] if verdict.changed else []
        more += [("有更新的报告", "there is a later report")] if verdict.newer else []
        said = Said(f"{said.zh}{'；'.join(z for z, _ in more)}。", f"{said.en} {'; '.join(e for _, e in more)}.")
    answer(verdict.as_data(), said, as_json)
    raise typer.Exit(0 if verdict.state == verifying.GENUINE and not verdict.withdrawn else 1)


def _number(what: str) -> str:
    """The number that was given where there is no such file. Raises Refused (`mistyped`), which says both."""
    try:
        return read(what)
    except Refused as refusal:
        zh = f"没有“{what}”这个文件，这也不是报告编号。{refusal.said.zh}"
        en = f"There is no file {what!r}, and it is no number of a report. {refusal.said.en}"
        raise Refused(refusal.code, Said(zh, en)) from refusal


def _file(what: str) -> bytes:
    path = Path(what)
    opened.readable(path)
    if path.stat().st_size > LARGEST:
        raise Refused("too-big", Said("文件太大，不会是信用报告。", "The file is too large to be a report."))
    return path.read_bytes()


def _offline(file: bytes, certificate: Path, log_key: str, as_json: bool) -> None:
    """The seal by the certificate and, with the log's key, the proof inside. What changed since nobody can tell offline."""
    opened.readable(certificate)
    try:
        der = x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(Encoding.DER)
    except ValueError as error:
        raise Refused("certificate", Said("这不是证书（PEM）。", "This is no certificate (PEM).")) from error
    key: Verifier | None = parse_verifier(log_key) if log_key else None
    seal = check_seal(file, der)
    inside = attached(file)
    logged = key is not None and proves(inside.get(PROOF_NAME, b""), inside.get(JSON_NAME, b""), key)
    parts = [seal.why]
    if key is not None:
        parts.append(
            Said("公开日志有这份报告。", "The public log holds it.")
            if logged
            else Said("公开日志的证明不成立。", "The proof of the public log does not hold.")
        )
    parts.append(
        Said("是否已撤销、此后有无变化，须联网核验。", "Whether it was withdrawn or anything changed: ask online.")
    )
    said = Said("".join(p.zh for p in parts), " ".join(p.en for p in parts))
    good = seal.whole and (key is None or logged)
    answer({"sealed": seal.whole, "logged": logged if key else None, "said": said.zh}, said, as_json)
    raise typer.Exit(0 if good else 1)

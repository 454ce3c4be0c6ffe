"""The seal of a report: a PAdES signature (baseline B-B) with the office's certificate, which also forbids any later change.

`Seal` is all that a keeper of keys must be: a certificate, and a raw signature over some bytes. `FileSeal` has both in two files;
a card or an HSM (PKCS#11) is another class of the same two parts. A time stamp is given by `stamper`, any of pyHanko's.
"""

import asyncio
import datetime
import hashlib
import io
import os
import re
import secrets
import shutil
import stat
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from chengxin.values.errors import Refused, Said

CERTIFICATE, KEY = "certificate.pem", "key.pem"
FIELD = "Seal"
_BITS = 3072
_YEARS = 5
_RESERVED, _SPARE = 16_384, 32  # hexadecimal digits for a seal with a time stamp; to spare for one without
_CONTENTS = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


class Seal(Protocol):
    """Who seals: the certificate (DER), and its key, wherever that is kept."""

    @property
    def certificate(self) -> bytes:
        """The certificate (DER)."""

    def sign(self, data: bytes) -> bytes:
        """The RSA signature over SHA-256 of these bytes (PKCS#1 v1.5)."""

    def __hash__(self) -> int:
        """Of it one shape of a signature is kept."""


@dataclass(frozen=True)
class FileSeal:
    """A seal in two files."""

    certificate: bytes
    key: rsa.RSAPrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """See `Seal`."""
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def make_demo_seal(folder: Path, name: str) -> None:
    """A key and a certificate that says of itself that it is for demonstrations; what is there is never touched.

    They appear together or not at all, whoever else makes them at the same time.
    """
    if (folder / KEY).exists() or (folder / CERTIFICATE).exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:20]),
            x509.NameAttribute(NameOID.COMMON_NAME, "演示印章 Demonstration seal"),
        ]
    )
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(
        True, True, False, False, False, False, False, False, False
    )  # digital signature, content commitment
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fresh = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}")
    fresh.mkdir(mode=0o700, parents=True)
    _write(fresh / KEY, secret)
    _write(fresh / CERTIFICATE, made.public_bytes(serialization.Encoding.PEM))
    try:
        fresh.rename(folder)  # fails where another has made it meanwhile
    except OSError:
        shutil.rmtree(fresh)


def load_certificate(path: Path) -> x509.Certificate:
    """The certificate (PEM) that seals. Raises Refused (`no-seal`)."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _no_seal(path.parent) from error


def _no_seal(folder: Path) -> Refused:
    zh = f"{folder} 中没有可用的电子印章。请放入 {CERTIFICATE} 和 {KEY}（PEM，RSA），或在 site.json 写明 seal 文件夹。"
    en = f"No usable seal in {folder}. Put {CERTIFICATE} and {KEY} there (PEM, RSA), or name its folder as seal in site.json."
    return Refused("no-seal", Said(zh, en))


def load_seal(folder: Path) -> FileSeal:
    """The seal in a folder. Raises Refused: not there, not RSA, not a pair, or a key that others can read."""
    certificate = load_certificate(folder / CERTIFICATE)
    try:
        mode = (folder / KEY).stat().st_mode
        key = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise _no_seal(folder) from error
    if stat.S_IMODE(mode) & 0o077:
        zh = f"{folder / KEY} 他人可读，请 chmod 600 后再用。"
        raise Refused("seal-open", Said(zh, f"Others can read {folder / KEY}; chmod 600 it, then try again."))
    if not isinstance(key, rsa.RSAPrivateKey) or key.public_key() != certificate.public_key():
        zh = f"{folder} 中的证书和私钥不是一对 RSA 密钥。"
        raise Refused("no-seal", Said(zh, f"Certificate and key in {folder} are no pair of RSA keys."))
    return FileSeal(certificate.public_bytes(serialization.Encoding.DER), key)


def who_seals(certificate: bytes) -> Said:
    """Whose certificate it is, and that nobody else vouches for it where that is so."""
    read = x509.load_der_x509_certificate(certificate)
    name = "，".join(str(part.value) for part in read.subject)
    if read.issuer == read.subject:
        return Said(f"{name}（自签名证书，仅供演示）", f"{name} (self-signed: for demonstrations only)")
    return Said(name, name)


def sealed(pdf: bytes, seal: Seal, reason: str, stamper: Any = None) -> bytes:
    """The PDF with its seal, appended as one update; no change is allowed after it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - it takes a second to load
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    told = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=reason,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    own = _pyhanko_signer(seal)
    signer = signers.PdfSigner(told, signer=own, timestamper=stamper)
    if own.shape is None:  # it learns how much a signature takes
        asyncio.run(own.async_sign(own.blank, "sha256", dry_run=True, use_pades=True))
    # No more room than that: who checks a seal reads it digit by digit.
    room = _RESERVED if stamper else 2 * len(own.shape[1]) + _SPARE
    out = io.BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=room, output=out)
    return out.getvalue()


@dataclass(frozen=True)
class Checked:
    """What a seal says of a file: whole, or why not; who sealed it (DER), empty if nobody did."""

    whole: bool
    why: Said
    certificate: bytes = b""


_WHOLE = Said("盖章后没有改动。", "Unchanged since it was sealed.")
_NO_SEAL = Said("文件没有完整的电子印章。", "The file bears no whole seal.")
_CHANGED = Said("盖章后内容被改动。", "It was changed after it was sealed.")
_ANOTHER = Said("不是出具单位的证书所盖。", "It was not sealed with the issuer's certificate.")


def check_seal(pdf: bytes, certificate: bytes) -> Checked:
    """Whether the file is sealed with this certificate (DER) and unchanged since, to the last byte. Never raises for a bad file."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - it takes a second to load

    held = _held(pdf)
    if not held:
        return Checked(False, _NO_SEAL if b"/ByteRange" not in pdf else _CHANGED)
    try:
        (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        by = bytes(signature.signer_cert.dump())
        if by != certificate:
            return Checked(False, _ANOTHER, by)
        good = _as_made(held, certificate) and _agrees(signature, certificate)
    except Exception:  # whatever a damaged file does to a parser, it is a damaged file
        return Checked(False, _CHANGED)
    return Checked(good, _WHOLE if good else _CHANGED, by)


def _agrees(signature: Any, certificate: bytes) -> bool:
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    trusted = ValidationContext(trust_roots=[asn1.Certificate.load(certificate)], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=trusted)
    return bool(
        status.intact
        and status.valid
        and status.docmdp_ok
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and signature.field_name == FIELD
    )


def _as_made(held: bytes, certificate: bytes) -> bool:
    """True if what no signature covers (versions, names of algorithms said twice, lengths) is as a seal of ours has it."""
    from asn1crypto import algos, cms, core  # noqa: PLC0415
    from asn1crypto import x509 as asn1  # noqa: PLC0415

    (info,) = cms.ContentInfo.load(held, strict=True)["content"]["signer_infos"]
    digest = algos.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()})
    signer = {
        "version": "v1",
        "sid": info["sid"],
        "digest_algorithm": digest,
        "signed_attrs": info["signed_attrs"],
        "signature_algorithm": info["signature_algorithm"],
        "signature": info["signature"],
    }
    if info["unsigned_attrs"].native:  # a time stamp
        signer["unsigned_attrs"] = info["unsigned_attrs"]
    content = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": [asn1.Certificate.load(certificate)],
        "signer_infos": [signer],
    }
    again = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})
    return bool(again.dump() == held)


def _held(pdf: bytes) -> bytes:
    """The signature (DER) if there is one, it covers all but its own place, and only noughts follow it there; else nothing."""
    ranges = _CONTENTS.findall(pdf)
    if len(ranges) != 1 or pdf.count(b"/ByteRange") != 1:
        return b""
    first, second, length = (int(n) for n in ranges[0])
    place = pdf[first:second]
    if second + length != len(pdf) or not re.fullmatch(rb"<(?:[0-9A-F]{2})+>", place):
        return b""
    held = bytes.fromhex(place[1:-1].decode("ascii"))
    size = _der_size(held)
    return b"" if any(held[size:]) else held[:size]


def _der_size(held: bytes) -> int:
    """How many bytes a DER value with a long length takes; 0 if it is none."""
    if len(held) < 4 or held[0] != 0x30 or held[1] not in (0x82, 0x83):
        return 0
    wide = held[1] & 0x7F
    return 2 + wide + int.from_bytes(held[2 : 2 + wide], "big")


@lru_cache(maxsize=4)
def _pyhanko_signer(seal: Seal) -> Any:
    """pyHanko shapes the signature once for each seal, in several passes; from then on only digest and signature are put in."""
    from asn1crypto import algos, cms  # noqa: PLC0415
    from asn1crypto import x509 as asn1  # noqa: PLC0415
    from pyhanko.sign.signers.pdf_cms import Signer  # noqa: PLC0415
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    size = (x509.load_der_x509_certificate(seal.certificate).public_key().key_size + 7) // 8  # type: ignore[union-attr]

    class _Signer(Signer):
        shape: tuple[bytes, bytes] | None = None  # what is signed, and the whole, with `blank` and `unsigned` in them
        blank, unsigned = secrets.token_bytes(32), secrets.token_bytes(size)

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if self.blank in data:
                self.asked = data
            return self.unsigned if dry_run else seal.sign(data)

        async def async_sign(self, data_digest: bytes, digest_algorithm: str, **more: Any) -> Any:  # type: ignore[override]
            if more.get("timestamper"):
                return await super().async_sign(data_digest, digest_algorithm, **more)
            if self.shape is None:
                made = await super().async_sign(self.blank, digest_algorithm, **more | {"dry_run": True})
                self.shape = self.asked, made.dump()
            signed, whole = (part.replace(self.blank, data_digest) for part in self.shape)
            own = self.unsigned if more.get("dry_run") else seal.sign(signed)
            return cms.ContentInfo.load(whole.replace(self.unsigned, own))

    return _Signer(
        signing_cert=asn1.Certificate.load(seal.certificate),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
    )


def ready() -> None:
    """Load now what sealing needs, so that the first who waits for a report does not wait for that too."""
    from pyhanko.pdf_utils import incremental_writer, reader  # noqa: F401, PLC0415
    from pyhanko.sign import fields, signers  # noqa: F401, PLC0415


def digest_of(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files inside a PDF, by name; nothing where it can't be read."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - it takes a second to load

    try:
        names = PdfFileReader(io.BytesIO(pdf)).root["/Names"]["/EmbeddedFiles"]["/Names"]
        places = range(0, len(names), 2)
        return {str(names[at]): bytes(names[at + 1]["/EF"]["/F"].data) for at in places}
    except Exception:  # whatever a damaged file does to a parser, it is a damaged file
        return {}

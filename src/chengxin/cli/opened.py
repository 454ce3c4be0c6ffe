"""What every command needs before a file is opened: the catalogue of a day, the sender, the register to check against."""

import os
import secrets
import tempfile
from datetime import date
from pathlib import Path

from chengxin.cli import show
from chengxin.cli.home import confirmed_codes
from chengxin.flow.files import roster as authorities
from chengxin.flow.judge import Sender, Setting, judge
from chengxin.intake.received import Bounds, Hidden, Order
from chengxin.standards.load import Catalogue, load_catalogue
from chengxin.subjects.resolve import no_subjects, resolve
from chengxin.validation.registration import Registration, registration_from
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc


def readable(path: Path) -> None:
    """Refuses a path that is no file or may not be read, before anything is started."""
    if not path.is_file():
        raise Refused(
            "not-a-file",
            Said(
                f"“{path}”不是文件或不存在。请核对路径。", f"'{path}' is not a file or does not exist. Check the path."
            ),
        )
    if not os.access(path, os.R_OK):
        raise Refused(
            "not-readable",
            Said(f"没有读取“{path}”的权限。请核对文件的权限。", f"'{path}' may not be read. Check its permissions."),
        )


def order(resource: str, day: date, mapping: dict[str, str] | None = None, hidden: Hidden = "ask") -> Order:
    """An order for the command line: wide bounds, a token key that is forgotten when the command ends."""
    return Order(
        resource=resource,
        day=day,
        mapping=mapping or {},
        hidden=hidden,
        token_key=secrets.token_bytes(32),
        bounds=Bounds.command_line(),
    )


def roster(path: Path | None) -> dict[str, Sender]:
    """The authorities of a roster file, by code and by name."""
    known = authorities(path) if path else {}
    return known | {s.name: s for s in known.values() if s.name}


def sender(given: str | None, known: dict[str, Sender]) -> Sender | None:
    """The sender for `--as`: a code, or a name that the roster knows."""
    if given is None:
        return None
    if given in known:
        return known[given]
    if known:
        raise Refused(
            "unknown-authority",
            Said(f"单位名册中没有“{given}”。", f"The roster of authorities has no {given!r}."),
        )
    if not is_uscc(given):
        raise Refused(
            "unknown-authority",
            Said(
                f"“{given}”不是有效的统一社会信用代码。请填报送单位的代码，或用 --authorities 给出单位名册。",
                f"{given!r} is not a valid credit code. Give the sender's code, or a roster with --authorities.",
            ),
        )
    return Sender(given)


def registration(path: Path | None, catalogue: Catalogue, day: date) -> Registration | None:
    """The register to check names and status against, read like any file of the resource `registration`."""
    if path is None:
        return None
    resource = catalogue.resource("registration")
    with tempfile.TemporaryDirectory() as folder, show.progress(path.name) as tell:
        setting = Setting(catalogue, order(resource.name, day), confirmed_codes=confirmed_codes())
        rows = judge(path, setting, Path(folder), tell).accepted_rows().collect()
    if rows.is_empty():
        raise Refused(
            "no-registration",
            Said(f"{path.name} 中没有可用的登记信息。", f"{path.name} holds no usable registrations."),
        )
    return registration_from(resolve(rows, resource, no_subjects(), catalogue).subjects)


def catalogue_of(day: date, root: Path | None = None) -> Catalogue:
    """The catalogue (the shipped one, or that of `root`) as of `day`; refuses a day before any standard."""
    catalogue = load_catalogue(day, root)
    if not catalogue.resources:
        raise Refused("no-standards", Said(f"{day} 还没有任何标准生效。", f"No standard was in force on {day}."))
    return catalogue

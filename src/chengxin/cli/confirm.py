"""`chengxin confirm`: an officer confirms a code that was really issued although its check character is wrong."""

from pathlib import Path
from typing import Annotated

import typer

from chengxin.cli.home import remember_code
from chengxin.values.clock import legal_today
from chengxin.values.errors import Refused, Said
from chengxin.values.identifiers import is_uscc


def confirm(
    code: Annotated[str, typer.Argument(help="统一社会信用代码 · the code as the certificate shows it")],
    name: Annotated[str, typer.Option(help="证照上的名称 · name on the certificate")],
    by: Annotated[str, typer.Option(help="核实人 · the officer who saw the certificate")],
    document: Annotated[str, typer.Option(help="核实依据（证照或文书号）· the paper it rests on")],
    site: Annotated[
        Path | None, typer.Option("--site", help="为站点确认；不写只用于本机校验 · for a site, else for this computer")
    ] = None,
) -> None:
    """确认一个确已颁发、但校验位不符的代码，今后照收 · confirm a really issued code with a wrong check character."""
    code = code.strip().upper()
    if is_uscc(code):
        typer.echo("该代码校验相符，无需确认。 The check character agrees; nothing to confirm.")
        return
    if len(code) != 18 or not code.isalnum() or not code.isascii():
        raise Refused(
            "not-a-code",
            Said("只能确认 18 位字母数字的代码。", "Only a code of 18 letters and digits can be confirmed."),
        )
    if not (by.strip() and document.strip() and name.strip()):
        raise Refused("no-evidence", Said("须写明名称、核实人和依据。", "Name, officer and document are needed."))
    today = legal_today()
    row = {"code": code, "name": name, "confirmed_by": by, "document": document}
    if site is None:
        remember_code({**row, "confirmed_on": today.isoformat()})
    else:
        from chengxin.cli.site import open_here  # noqa: PLC0415 - only a site needs Django

        open_here(site)
        from chengxin.site.store.models import ConfirmedCode  # noqa: PLC0415

        ConfirmedCode.objects.update_or_create(code=code, defaults={**row, "confirmed_on": today})
    typer.echo(f"已确认 {code}（{name}），今后照收。 Confirmed; accepted from now on.")

"""`chengxin template`: the workbook a department fills in, made from the standard of the day."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from chengxin.cli import opened
from chengxin.standards.template import ROWS
from chengxin.standards.template import template as write_template
from chengxin.values.clock import legal_today


def template(
    resource: Annotated[str, typer.Argument(help="信息类，如 penalty、行政处罚 · resource")],
    out: Annotated[Path, typer.Argument(help="写到此 .xlsx，或写进此文件夹 · the .xlsx, or a folder for it")] = Path(),
    day: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="按这一天的标准，默认今天 · the standard as of this day"),
    ] = None,
) -> None:
    """生成填报模板 · make the workbook that a department fills in."""
    catalogue = opened.catalogue_of(day.date() if day else legal_today())
    standard = catalogue.resource(resource)
    path = write_template(standard, catalogue, out)
    typer.echo(f"已生成 {path}：{standard.title.zh}，{len(standard.fields)} 栏，预设 {ROWS:,} 行。")
    typer.echo(f"Written: {standard.title.en}, {len(standard.fields)} columns, {ROWS:,} rows prepared.")

"""Verify a credit report by API: by its number; whoever holds the file compares its digest."""

from django.http import HttpRequest

from chengxin.sharing.outlets import through
from chengxin.site.actions.verifying import by_number
from chengxin.site.api.operations import Call, Reply, operation
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import VerifiedReport
from chengxin.values.errors import Said


@operation(
    "GET",
    "/reports/{number}",
    Said("核验一份信用报告", "Verify a credit report"),
    Said(
        "按编号核验，不用密钥。file 和 content 是报告文件和所附数据（report.json）的 SHA-256：与手里的相同，才没有被改动。"
        "changed_since 只说此后公示的信息有没有变化，不说是什么。",
        "By its number, without a key. `file` and `content` are SHA-256 of the report and of the data attached (report.json): "
        "a copy is unchanged only if they agree. `changed_since` says whether what is public changed, not what.",
    ),
    {200: (VerifiedReport, Said("出具过这份报告", "It was issued here"))},
    with_key=False,
    refusals=("unknown-report", "mistyped"),
)
@through("public.verify")
def get_report(request: HttpRequest, call: Call, number: str) -> Reply:
    """The verdict, or that there is no such report."""
    verdict = by_number(number)
    row = verdict.row
    if row is None:
        raise Wrong("unknown-report", verdict.said)
    return Reply(
        VerifiedReport(
            row.number,
            row.form,
            row.issued_at,
            row.day,
            verdict.withdrawn,
            verdict.newer,
            verdict.changed,
            row.content,
            row.file,
        )
    )

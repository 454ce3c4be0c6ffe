"""Checks by API: one subject, for a purpose in a matter, answered with a receipt; the receipt again for the same body."""

from django.http import HttpRequest

from chengxin.sharing.outlets import through, without_records
from chengxin.site.actions.checks import Asking, check
from chengxin.site.actions.receipts import receipt_of
from chengxin.site.api import keys
from chengxin.site.api.operations import Call, Reply, operation
from chengxin.site.api.problems import Wrong
from chengxin.site.api.shapes import Answer, CheckRequest, Receipt
from chengxin.site.folder import site_here
from chengxin.values.errors import Said

NOT_FOUND = Said("没有找到。", "Not found.")


@operation(
    "POST",
    "/checks",
    Said("核查一个主体", "Check one subject"),
    Said(
        "当日有效的名单列入和失信信息，附依据、最后一日和回执号。组织用统一社会信用代码；自然人只能凭法定用途和案件编号逐个查询，"
        "身份号码写在内容里，不留存；查不到、不能查，答复相同。",
        "List entries and adverse records in force today, with clause, last day and receipt. People singly, for a statutory "
        "purpose and a case; the number stands in the body and is not kept; nobody there and not allowed read alike.",
    ),
    {200: (Answer, Said("答复和回执", "The answer with its receipt"))},
    takes=CheckRequest,
    example={"subject": "91370215MXFA000158", "purpose": "administration", "matter": "permit", "case_no": ""},
    refusals=(
        "key-scope",
        "subject",
        "check-character",
        "unknown-subject",
        "no_matter",
        "needs_case",
        "too_many_persons",
    ),
)
@through("authority.check_answer")
def post_check(request: HttpRequest, call: Call) -> Reply:
    """The answer, once its Look and receipt are on the disk."""
    wanted: CheckRequest = call.body
    call.held.may(purpose=wanted.purpose)
    who = keys.who(call.held, wanted.case_no)
    return Reply(
        check(site_here(), Asking("authority.check_answer", who, wanted.subject, wanted.purpose, wanted.matter))
    )


@operation(
    "GET",
    "/checks/{receipt}",
    Said("一次核查的回执", "The receipt of a check"),
    Said(
        "谁、何时、凭什么用途查询，按哪一版数据和规则，答复的摘要。只给查询的机关；不含被查主体的信息。",
        "Who asked when and what for, by which data and rules, and the digest of the answer. For the body that asked alone.",
    ),
    {200: (Receipt, Said("回执", "The receipt"))},
    refusals=("not-found",),
)
@without_records
def get_receipt(request: HttpRequest, call: Call, receipt: str) -> Reply:
    """The receipt for the same body; else as if it were not there."""
    row = receipt_of(receipt, call.held.authority_id)
    if row is None:
        raise Wrong("not-found", NOT_FOUND)
    return Reply(
        Receipt(
            row.id.hex, row.at, row.day, row.who, row.body, row.purpose, row.matter, row.person, row.change_set,
            row.log_size, row.catalogue, tuple(row.entries), row.digest, row.case_number, row.withheld,
        )
    )  # fmt: skip

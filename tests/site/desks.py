"""Every address behind the sign-in, and what each of the cast gets there. A new page of a desk adds its row here."""

from typing import Any

from tests.store.cast import code_of

DEPARTMENT = {"clerk", "reviewer", "officer", "manager", "neighbour"}
OFFICE = {"office", "auditor", "operator", "security"}
SUBJECTS = {"company", "citizen"}  # of the citizen nothing is held
ALL = DEPARTMENT | OFFICE | SUBJECTS
ENTERS, REVIEWS = {"clerk", "neighbour"}, {"reviewer", "neighbour"}
OWN = dict.fromkeys(DEPARTMENT, 200) | {"neighbour": 404}  # of another body: as one that is not there
# By name of the address: who may open it, with which status; the others get 403. A stranger is sent to sign in.
OPENS: dict[str, dict[str, int]] = {
    "department": dict.fromkeys(DEPARTMENT, 200),
    "department_check": {"officer": 200, "neighbour": 200},
    "department_checked": {"officer": 404, "neighbour": 404},  # there is no such receipt
    "office": dict.fromkeys(OFFICE, 302),  # to the first page of its menu
    "office_day": {"office": 200},
    "department_send": dict.fromkeys(ENTERS | {"manager"}, 200),
    "department_item": dict.fromkeys(ENTERS, 200),
    "department_form": dict.fromkeys(ENTERS, 200),
    "department_template": dict.fromkeys(ENTERS, 200),
    "department_dispute": dict.fromkeys(ENTERS | REVIEWS, 200),
    "department_job": dict.fromkeys(DEPARTMENT, 404),  # there is none
    "department_headings": dict.fromkeys(ENTERS, 404),
    "department_mend": dict.fromkeys(ENTERS, 404),
    "department_annotated": dict.fromkeys(ENTERS, 404),
    "department_findings": dict.fromkeys(ENTERS, 404),
    "department_receipt": OWN,
    "department_receipt_pdf": OWN,
    "department_reviews": dict.fromkeys(REVIEWS, 200),
    "department_review": {"reviewer": 302, "neighbour": 404},  # reviewed: to its receipt
    "department_problems": dict.fromkeys(DEPARTMENT, 200),
    "department_problem": OWN,
    "department_records": dict.fromkeys(DEPARTMENT, 200),
    "department_record": dict.fromkeys(DEPARTMENT, 404),  # there is none
    "department_correct": dict.fromkeys(ENTERS, 404),
    "department_withdraw": dict.fromkeys(ENTERS, 404),
    "department_figures": dict.fromkeys(DEPARTMENT, 200),
    "department_behind": dict.fromkeys(DEPARTMENT, 200),
    "office_queue": {"office": 200},
    "office_row": {"office": 404},  # there is none
    "office_suspects": {"office": 200},
    "office_quality": {"office": 200},
    "office_batches": {"office": 200},
    "office_batch": {"office": 404},
    "office_partners": {"office": 200},
    "office_admission": {"office": 200},
    "office_partner": {"office": 404},  # there is none
    "office_drafts": {"office": 200},
    "office_draft": {"office": 200},
    "office_catalogue": {"office": 200, "auditor": 200},
    "office_articles": {"office": 200},
    "office_article_new": {"office": 200},
    "office_article": {"office": 404},  # there is none
    "office_looks": {"auditor": 200},
    "office_accounts": {"office": 200},
    "office_account": {"office": 200},
    "office_keys": {"office": 200},
    "office_running": {"operator": 200, "security": 200},
    "office_changes": {"office": 200, "auditor": 200, "security": 200},
    "team": {"manager": 200, "neighbour": 200},
    "team_member": {"manager": 200, "neighbour": 404},
    "team_keys": {"manager": 200, "neighbour": 200},
    "subject_home": dict.fromkeys(SUBJECTS, 200),
    "subject_file": dict.fromkeys(SUBJECTS, 200),
    "subject_looks": dict.fromkeys(SUBJECTS, 200),
    "subject_shares": dict.fromkeys(SUBJECTS, 200),
    "subject_reports": dict.fromkeys(SUBJECTS, 200),
    "subject_report": dict.fromkeys(SUBJECTS, 404),  # there is none
    "subject_report_file": dict.fromkeys(SUBJECTS, 404),
    "subject_report_data": dict.fromkeys(SUBJECTS, 404),
    "office_reports": {"office": 200},
    "office_report_batches": {"office": 200},
    "office_report_withdraw": {"office": 302},  # no number
    "office_objections": {"office": 200},
    "office_objection": {"office": 404},  # there is none
    "department_objections": dict.fromkeys(ENTERS | REVIEWS, 200),
    "department_objection": dict.fromkeys(ENTERS | REVIEWS, 404),
    "subject_objections": dict.fromkeys(SUBJECTS, 200),
    "subject_object": dict.fromkeys(SUBJECTS, 404),
    "subject_objection": dict.fromkeys(SUBJECTS, 404),
    "office_report_batch": {"office": 404},  # there is none
    "office_report_zip": {"office": 404},
    "office_report_csv": {"office": 404},
    "office_report_xlsx": {"office": 404},
    "account_home": dict.fromkeys(ALL, 200),
    "account_login": dict.fromkeys(ALL, 302),  # to its desk
    "account_logout": dict.fromkeys(ALL, 200),
    "account_inactive": dict.fromkeys(ALL, 200),
    "account_reauthenticate": dict.fromkeys(ALL, 200),
    "account_change_password": dict.fromkeys(ALL, 200),
    "account_picture": dict.fromkeys(ALL, 404),  # nothing is being set up
    "mfa_authenticate": dict.fromkeys(ALL, 302),
    "mfa_reauthenticate": dict.fromkeys(ALL, 302),  # none has a second factor
    "account_sessions": dict.fromkeys(ALL, 200),
    "mfa_list_webauthn": dict.fromkeys(ALL, 200),
    "mfa_add_webauthn": dict.fromkeys(ALL, 302),  # to confirm first
    "mfa_remove_webauthn": dict.fromkeys(ALL, 302),
    "mfa_reauthenticate_webauthn": dict.fromkeys(ALL, 302),  # none has a passkey
    "mfa_index": dict.fromkeys(ALL, 200),
    "mfa_activate_totp": dict.fromkeys(ALL, 302),  # to confirm first
    "mfa_deactivate_totp": dict.fromkeys(ALL, 404),
    "mfa_view_recovery_codes": dict.fromkeys(ALL, 404),
    "mfa_generate_recovery_codes": dict.fromkeys(ALL, 302),
}
OPEN_TO_STRANGERS = {"account_login": 200, "account_inactive": 200, "account_picture": 404}
# What only takes forms: who may send one, and what an empty one gets.
TAKES: dict[str, dict[str, int]] = {
    "department_upload": dict.fromkeys(ENTERS, 302),
    "department_zero": dict.fromkeys(ENTERS, 302),
    "department_stop": dict.fromkeys(ENTERS, 404),
    "department_hidden": dict.fromkeys(ENTERS, 404),
    "department_confirm": dict.fromkeys(ENTERS, 404),
    "department_again": {"clerk": 302, "neighbour": 404},
    "office_held": {"office": 302},
    "office_unjudge": {"office": 302},
    "office_second": {"office": 302},
    "office_answer": {"office": 302},
    "office_replay": {"office": 302},
    "office_article_step": {"office": 302},
    "office_check_log": {"auditor": 302},
    "office_revoke": {"office": 302},
    "subject_objection_back": dict.fromkeys(SUBJECTS, 404),
    "office_report_paste": {"office": 422},
    "office_report_upload": {"office": 422},
    "office_report_confirm": {"office": 404},
    "office_report_stop": {"office": 404},
    "subject_report_issue": dict.fromkeys(SUBJECTS, 302),
}
# What stands in the places of an address: of the owner's body, or nothing that is there.
CLERK = ("team_member", "office_account")
SUBMISSION = (
    "department_receipt",
    "department_receipt_pdf",
    "department_review",
    "department_problem",
    "department_again",
)
RESOURCE = (
    "department_item",
    "department_form",
    "department_template",
    "department_dispute",
    "department_upload",
    "department_zero",
)
NOTHING = (
    *("department_job", "department_headings", "department_mend", "department_annotated", "department_findings"),
    *("department_stop", "department_hidden", "department_confirm"),
    *("department_record", "department_correct", "department_withdraw", "department_checked"),
    *("office_held", "office_row", "office_unjudge", "office_second"),
    *("office_answer", "office_replay", "office_batch", "office_revoke"),
    *("subject_report", "subject_report_file", "subject_report_data"),
    *("office_objection", "department_objection", "subject_object", "subject_objection", "subject_objection_back"),
    *("office_report_batch", "office_report_confirm", "office_report_stop"),
    *("office_report_zip", "office_report_csv", "office_report_xlsx"),
)


def addresses_of_desks(submission: Any) -> dict[str, str]:
    """Every address of a desk, by its name; one that needs something is about the owner's clerk or this submission."""
    from django.urls import reverse

    from chengxin.site.store.models import Account

    about = dict.fromkeys(CLERK, str(Account.objects.get(login="clerk").id)) | dict.fromkeys(
        SUBMISSION, submission.id.hex
    )
    about |= dict.fromkeys(RESOURCE, "penalty") | dict.fromkeys(NOTHING, "0" * 32)
    args = {name: [given] for name, given in about.items()} | {"department_behind": ["compliance", "penalty"]}
    args["office_draft"] = ["list", "L01"]
    args["office_partner"] = [code_of(9)]
    args["mfa_remove_webauthn"] = [1]
    args |= {name: ["notices", "none"] for name in ("office_article", "office_article_step")}
    return {name: reverse(name, args=args.get(name, [])) for name in (*OPENS, *TAKES)}

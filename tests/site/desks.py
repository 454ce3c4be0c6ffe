"""Every address behind the sign-in, and what each of the cast gets there. A new page of a desk adds its row here."""

DEPARTMENT = {"clerk", "reviewer", "officer", "manager", "neighbour"}
OFFICE = {"office", "auditor", "operator", "security"}
ALL = DEPARTMENT | OFFICE | {"company"}
ENTER, REVIEW = {"clerk", "neighbour"}, {"reviewer", "neighbour"}
# What names a job, submission or record that is not there is 404; what takes forms alone is 405.
BUMEN: dict[str, dict[str, int]] = {
    "send": dict.fromkeys({*ENTER, "manager"}, 200),
    "item": {"clerk": 200, "neighbour": 404},
    "template": {"clerk": 200, "neighbour": 404},
    "form": {"clerk": 200, "neighbour": 404},
    "dispute": {"clerk": 200, "reviewer": 200, "neighbour": 404},
    "upload": dict.fromkeys(ENTER, 405),
    "zero": dict.fromkeys(ENTER, 405),
    "job": dict.fromkeys(DEPARTMENT, 404),
    "stop": dict.fromkeys(ENTER, 405),
    "hidden": dict.fromkeys(ENTER, 405),
    "confirm": dict.fromkeys(ENTER, 405),
    "headings": dict.fromkeys(ENTER, 404),
    "mend": dict.fromkeys(ENTER, 404),
    "annotated": dict.fromkeys(ENTER, 404),
    "findings": dict.fromkeys(ENTER, 404),
    "receipt": dict.fromkeys(DEPARTMENT, 404),
    "receipt_pdf": dict.fromkeys(DEPARTMENT, 404),
    "reviews": dict.fromkeys(REVIEW, 200),
    "review": dict.fromkeys(REVIEW, 404),
    "problems": dict.fromkeys(DEPARTMENT, 200),
    "problem": dict.fromkeys(DEPARTMENT, 404),
    "again": dict.fromkeys(ENTER, 405),
    "records": dict.fromkeys(DEPARTMENT, 200),
    "record": dict.fromkeys(DEPARTMENT, 404),
    "correct": dict.fromkeys(ENTER, 404),
    "withdraw": dict.fromkeys(ENTER, 404),
    "figures": dict.fromkeys(DEPARTMENT, 200),
    "behind": dict.fromkeys(DEPARTMENT, 200),
}
# By name of the address: who may open it, with which status; the others get 403. A stranger is sent to sign in.
OPENS: dict[str, dict[str, int]] = {
    "department": dict.fromkeys(DEPARTMENT, 200),
    **{f"department_{name}": opened for name, opened in BUMEN.items()},
    "office": dict.fromkeys(OFFICE, 302),  # to the first page of its menu
    "office_day": {"office": 200},
    "subject_home": {"company": 200},
    "account_home": dict.fromkeys(ALL, 200),
    "account_login": dict.fromkeys(ALL, 302),  # to its desk
    "account_logout": dict.fromkeys(ALL, 200),
    "account_inactive": dict.fromkeys(ALL, 200),
    "account_reauthenticate": dict.fromkeys(ALL, 200),
    "account_change_password": dict.fromkeys(ALL, 200),
    "account_picture": dict.fromkeys(ALL, 404),  # nothing is being set up
    "mfa_authenticate": dict.fromkeys(ALL, 302),
    "mfa_reauthenticate": dict.fromkeys(ALL, 302),  # none has a second factor
    "mfa_index": dict.fromkeys(ALL, 200),
    "mfa_activate_totp": dict.fromkeys(ALL, 302),  # to confirm first
    "mfa_deactivate_totp": dict.fromkeys(ALL, 404),
    "mfa_view_recovery_codes": dict.fromkeys(ALL, 404),
    "mfa_generate_recovery_codes": dict.fromkeys(ALL, 302),
}
OPEN_TO_STRANGERS = {"account_login": 200, "account_inactive": 200, "account_picture": 404}
# What stands in the places of an address, where it has any.
_OF_RESOURCE = ("item", "template", "form", "dispute", "upload", "zero")
_WITHOUT = ("send", "reviews", "problems", "records", "figures")
PLACES: dict[str, dict[str, str]] = {
    f"department_{name}": {"name": "permit"}
    if name in _OF_RESOURCE
    else {}
    if name in _WITHOUT
    else {"identity": "0" * 32}
    for name in BUMEN
}
PLACES["department_behind"] = {"measure": "compliance", "name": "penalty"}

"""Every address behind the sign-in, and what each of the cast gets there. A new page of a desk adds its row here."""

DEPARTMENT = {"clerk", "reviewer", "officer", "manager", "neighbour"}
OFFICE = {"office", "auditor", "operator", "security"}
ALL = DEPARTMENT | OFFICE | {"company"}
# By name of the address: who may open it, with which status; the others get 403. A stranger is sent to sign in.
OPENS: dict[str, dict[str, int]] = {
    "department": dict.fromkeys(DEPARTMENT, 200),
    "department_check": {"officer": 200, "neighbour": 200},
    "department_checked": {"officer": 404, "neighbour": 404},  # there is no such receipt
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
PLACES: dict[str, dict[str, str]] = {"department_checked": {"receipt": "0" * 32}}

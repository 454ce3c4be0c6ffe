"""API keys: found by one query, good for their scope and days alone, made and ended by who manages them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.site.conftest import DAY, OTHER, OWNER, Cast, Stranger
from tests.site.test_accounts import giver, refusal
from tests.site.test_desks import main_of


def key_of(code: str = OWNER[0], by: Any = None, **more: Any) -> tuple[Any, str]:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import Scope, give_key

    return give_key(code, by or COMMAND_LINE, "测试系统", Scope(**more))


def test_a_key_is_found_by_one_query_and_serves_its_scope_alone(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from chengxin.site.actions.api_keys import presented
    from chengxin.site.store.models import ApiKey

    row, key = key_of(resources=["penalty"], purposes=["own_records"])
    assert key.startswith("cx_") and key not in repr(list(ApiKey.objects.values()))
    assert presented(key, "penalty", "own_records").authority_id == OWNER[0]
    with CaptureQueriesContext(connection) as asked:
        presented(key, "penalty")
    assert len(asked) == 1
    assert ApiKey.objects.get(id=row.id).last_used_on == DAY
    assert refusal(presented, key, "permit") == "key-scope"
    assert refusal(presented, key, "penalty", "administration") == "key-scope"
    assert refusal(presented, key + "x") == refusal(presented, "") == "wrong-key"


def test_a_key_ends_on_its_day_when_it_is_revoked_renewed_or_its_body_ends(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import presented, revoke_key
    from chengxin.site.store.models import Authority

    row, key = key_of(expires_on=DAY + timedelta(days=1))
    monkeypatch.setenv("CHENGXIN_TODAY", str(DAY + timedelta(days=1)))
    assert presented(key)
    monkeypatch.setenv("CHENGXIN_TODAY", str(DAY + timedelta(days=2)))
    assert refusal(presented, key) == "wrong-key"
    monkeypatch.setenv("CHENGXIN_TODAY", str(DAY))
    _, later = key_of()
    assert refusal(presented, key) == "wrong-key" and presented(later)  # of one name one key lives
    row, key = key_of()
    assert refusal(revoke_key, row.id.hex, giver("neighbour")) == "no-key"
    revoke_key(row.id.hex, giver("manager"))
    assert refusal(presented, key) == refusal(presented, later) == "wrong-key"
    assert refusal(revoke_key, row.id.hex, COMMAND_LINE) == refusal(revoke_key, "x", COMMAND_LINE) == "no-key"
    _, key = key_of()
    Authority.objects.filter(code=OWNER[0]).update(active=False)
    assert refusal(presented, key) == "wrong-key"


def test_a_key_is_no_wider_than_its_body(cast: Cast) -> None:
    for more in ({"resources": ["serious"]}, {"resources": []}, {"purposes": ["audit"]}, {"purposes": ["publicity"]}):
        assert refusal(key_of, **more) == "key-scope", more
    assert refusal(key_of, code=OTHER[0], resources=["permit"]) == "key-scope"
    assert refusal(key_of, code=OTHER[0], by=giver("manager")) == "unknown-authority"
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=400)):
        assert refusal(key_of, expires_on=day) == "key-days"


def test_keys_are_made_and_ended_on_their_page(cast: Cast) -> None:
    from chengxin.site.actions.api_keys import presented
    from chengxin.site.store.models import ApiKey

    form = {"name": "测试系统", "resource": ["penalty"], "purpose": ["own_records"], "days": "30"}
    page = main_of(cast("manager").post("/bumen/miyao/", form))
    key = page.partition('<b class="code">')[2].partition("</b>")[0]
    row = presented(key, "penalty", "own_records")
    assert ApiKey.objects.get(id=row.id).expires_on == DAY + timedelta(days=29)
    assert key not in main_of(cast("manager").get("/bumen/miyao/"))
    for wrong in (
        {"days": "0"},
        {"days": "x"},
        {"days": "9999"},
        {"resource": ["serious"]},
        {"name": " "},
        {"purpose": []},
    ):
        assert 'role="alert"' in main_of(cast("manager").post("/bumen/miyao/", form | wrong)), wrong
    assert row.name in main_of(cast("office").get("/xinyongban/miyao/"))
    cast("office").post("/xinyongban/miyao/", {"do": "revoke", "key": row.id})
    assert refusal(presented, key) == "wrong-key"


def test_the_key_that_an_authority_had_before_is_one_among_others(stranger: Stranger) -> None:
    from hashlib import sha256

    from django.core.management import call_command
    from django.db import connection

    from chengxin.site.actions.api_keys import presented

    call_command("migrate", "store", "0004", verbosity=0)
    with connection.cursor() as cursor:
        digest = sha256(b"from-before").hexdigest()
        cursor.execute("UPDATE store_authority SET key_digest = %s WHERE code = %s", [digest, OWNER[0]])
    call_command("migrate", verbosity=0)
    assert presented("from-before", "penalty", "own_records").authority_id == OWNER[0]
    assert refusal(presented, "from-before", "penalty", "administration") == "key-scope"
    assert refusal(presented, "") == "wrong-key"

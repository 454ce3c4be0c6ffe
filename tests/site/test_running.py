"""How the platform runs, for who runs and who guards it: counts alone, nothing of any record, nobody's name."""

from datetime import timedelta

from tests.site.conftest import OWNER, Cast, Stranger, firm, registered
from tests.site.work import as_csv, shown, text, upload, work

PAGE = "/xinyongban/yunxing/"


def test_who_runs_it_begins_here_and_sees_jobs_and_log_but_no_record(stranger: Stranger, cast: Cast) -> None:
    stranger.desk.send("registration", [registered(1)])
    assert cast("operator").get("/xinyongban/").headers["Location"] == PAGE
    assert "没有任务" in text(cast("operator").get(PAGE))
    upload(cast("clerk"), "registration", as_csv([registered(2)]))
    page = shown(text(cast("operator").get(PAGE)))
    assert "排队等候 1" in page and "GB" in page and "未入日志的变更集 ● 没有" in page
    assert "账号和密钥" not in page
    for told in (firm(1), OWNER[1], "clerk", "测试录入员"):
        assert told not in page
    work()
    assert "已检查，待您决定 1" in shown(text(cast("operator").get(PAGE)))


def test_a_job_that_nobody_takes_up_is_told(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.store.models import Job

    stranger.desk.send("registration", [registered(1)])
    upload(cast("clerk"), "registration", as_csv([registered(2)]))
    assert "一直在排队" not in text(cast("operator").get(PAGE))
    Job.objects.update(changed_at=Job.objects.get().changed_at - timedelta(hours=1))
    assert "一直在排队" in text(cast("operator").get(PAGE))


def test_who_guards_it_sees_keys_that_lapse_and_accounts_that_sleep(stranger: Stranger, cast: Cast) -> None:
    from chengxin.site.actions.accounts import COMMAND_LINE
    from chengxin.site.actions.api_keys import Scope, give_key
    from chengxin.site.store.models import Account
    from chengxin.values.clock import legal_today

    give_key(OWNER[0], COMMAND_LINE, "一", Scope(expires_on=legal_today() + timedelta(days=9)), demo=True)
    give_key(OWNER[0], COMMAND_LINE, "二", demo=True)
    Account.objects.filter(login="clerk").update(
        created_at=Account.objects.get(login="clerk").created_at - timedelta(200)
    )
    page = shown(text(cast("security").get(PAGE)))
    for told in ("有效密钥 2", "30 天内到期的密钥 ▲ 1", "从未使用的密钥 ▲ 2", "180 天没有登录的账号 ▲ 1"):
        assert told in page, told

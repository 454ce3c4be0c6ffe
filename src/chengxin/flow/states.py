"""What becomes of a submission, and why a row waits: closed lists of words that commands and pages say alike."""

from chengxin.values.spoken import Spoken


class State(Spoken):
    """Where a submission is on its way."""

    RECEIVED = "received", "待保密审查", "waits for its review"
    REVIEWED = "reviewed", "已审查，待入库", "reviewed, to be recorded"
    EFFECTIVE = "effective", "已生效", "in effect"
    HELD = "held", "暂存待核", "held"
    RECALLED = "recalled", "已撤回", "recalled"
    RETURNED = "returned", "审查退回", "sent back by its reviewer"
    EMPTY = "empty", "没有可接收的行", "no row can be taken"


class Change(Spoken):
    """What a submission of one row does to a record that is there."""

    CORRECTION = "correction", "更正", "correction"
    WITHDRAWAL = "withdrawal", "撤销", "withdrawal"


class JobState(Spoken):
    """Where a job at a desk is."""

    WAITING = "waiting", "排队等候", "waits its turn"
    RUNNING = "running", "进行中", "under way"
    CHECKED = "checked", "已检查，待您决定", "checked; you decide"
    DONE = "done", "已完成", "done"
    REFUSED = "refused", "没有接受", "not taken"
    STOPPED = "stopped", "已停止", "stopped"
    FAILED = "failed", "出错", "failed"

    @property
    def busy(self) -> bool:
        """True as long as a worker has it or will have it."""
        return self in (JobState.WAITING, JobState.RUNNING)


class Waits(Spoken):
    """Why an accepted row waits for a human."""

    NO_CODE = "no_code", "没有代码，不按名称归户", "no code; nothing is attached by name"
    UNKNOWN_CODE = "unknown_code", "代码不在登记信息中", "no register has its code"
    NAME_DISAGREES = "name_disagrees", "名称与代码不是同一主体", "name and code are of two subjects"
    HELD = (
        "held",
        "已撤销或修复的内容再次报来，或与作出机关所报不一",
        "withdrawn or repaired before, or differs from the deciding body's",
    )

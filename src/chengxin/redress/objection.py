"""An objection: where it may be, who moves it where, how long each may take. A closed table; what is not in it can't happen."""

from dataclasses import dataclass
from datetime import date

from chengxin.standards.redress import ObjectionTerms
from chengxin.values.days import Calendar
from chengxin.values.errors import Refused, Said
from chengxin.values.spoken import Spoken


class State(Spoken):
    """Where an objection is."""

    OPEN = "open", "信用办核实中", "the office looks into it"
    SENT = "sent", "来源单位核查中", "the source looks into it"
    ANSWERED = "answered", "来源单位已答复，待决定", "the source has answered; to be decided"
    UPHELD = "upheld", "异议成立", "upheld"
    REJECTED = "rejected", "异议不成立", "rejected"
    TAKEN_BACK = "taken_back", "主体已撤回", "taken back"

    @property
    def going(self) -> bool:
        """True while somebody still has to decide."""
        return self in (State.OPEN, State.SENT, State.ANSWERED)


class Move(Spoken):
    """What somebody does with it."""

    SEND = "send", "转来源单位核查", "sends it to the source"
    ANSWER = "answer", "来源单位答复", "the source answers"
    UPHOLD = "uphold", "认定异议成立", "upholds it"
    REJECT = "reject", "认定异议不成立", "rejects it"
    TAKE_BACK = "take_back", "主体撤回", "takes it back"


class Party(Spoken):
    """Who moves it."""

    SUBJECT = "subject", "主体", "the subject"
    OFFICE = "office", "信用办", "the credit office"
    SOURCE = "source", "来源单位", "the source"


_S, _M, _P = State, Move, Party
MOVES: dict[tuple[State, Move], tuple[Party, State]] = {
    (_S.OPEN, _M.SEND): (_P.OFFICE, _S.SENT),
    (_S.SENT, _M.ANSWER): (_P.SOURCE, _S.ANSWERED),
    (_S.OPEN, _M.UPHOLD): (_P.OFFICE, _S.UPHELD),
    (_S.OPEN, _M.REJECT): (_P.OFFICE, _S.REJECTED),
    (_S.SENT, _M.UPHOLD): (_P.OFFICE, _S.UPHELD),  # the term is over and the source is silent
    (_S.SENT, _M.REJECT): (_P.OFFICE, _S.REJECTED),
    (_S.ANSWERED, _M.UPHOLD): (_P.OFFICE, _S.UPHELD),
    (_S.ANSWERED, _M.REJECT): (_P.OFFICE, _S.REJECTED),
    (_S.OPEN, _M.TAKE_BACK): (_P.SUBJECT, _S.TAKEN_BACK),
    (_S.SENT, _M.TAKE_BACK): (_P.SUBJECT, _S.TAKEN_BACK),
    (_S.ANSWERED, _M.TAKE_BACK): (_P.SUBJECT, _S.TAKEN_BACK),
}
_NOT_NOW = Said("这件异议已办到下一步，请刷新页面。", "This objection has moved on; load the page again.")


def moved(state: State, move: Move, party: Party) -> State:
    """Where a move leads. Raises Refused (`no-move`) where the table has none for this party."""
    who, led = MOVES.get((state, move), (None, None))
    if led is None or who is not party:
        raise Refused("no-move", _NOT_NOW)
    return led


def moves_of(state: State, party: Party) -> list[Move]:
    """What a party may do with it now."""
    return [move for (at, move), (who, _) in MOVES.items() if at is state and who is party]


@dataclass(frozen=True)
class Clock:
    """The term with its sum: so many working days from the day after receipt, its last day, how many are left (below 0: late)."""

    received_on: date
    days: int
    last_day: date
    left: int
    provisional: bool  # the calendar of that year is not published yet

    @property
    def said(self) -> Said:
        """The sum in words."""
        zh = f"{self.received_on} 收到，{self.days} 个工作日，至 {self.last_day}（含当日）"
        en = f"received {self.received_on}, {self.days} working days, until {self.last_day} inclusive"
        return Said(zh, en)


def clock(terms: ObjectionTerms, calendar: Calendar, received_on: date, other: bool, today: date) -> Clock:
    """The term of an objection; `other`: another body has to look into it."""
    days = terms.other_days if other else terms.own_days
    last = calendar.add_working_days(received_on, days)
    left = calendar.working_days_between(today, last) if today <= last else -calendar.working_days_between(last, today)
    return Clock(received_on, days, last, left, calendar.is_provisional(last.year))

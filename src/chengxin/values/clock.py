"""The legal day. Days of law are days in Asia/Shanghai, whatever the machine's zone (design, section 5)."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")


def legal_today() -> date:
    """Today's legal day. `CHENGXIN_TODAY=YYYY-MM-DD` sets it for demonstrations and training."""
    fixed = os.environ.get("CHENGXIN_TODAY")
    return date.fromisoformat(fixed) if fixed else datetime.now(LEGAL_ZONE).date()


def legal_now() -> datetime:
    """This moment as a clock in Asia/Shanghai shows it."""
    return datetime.now(LEGAL_ZONE)

"""The kinds of rule the engine knows: each turns one rule of the catalogue into one Check. A new kind is a function here."""

from chengxin.validation.kinds import amounts, codes, days, filled, parties, texts
from chengxin.validation.kinds.check import ASK_EMPTY, BY_KEY, FLAGGED, KINDS, ROW, WHOLE, Check, check_for
from chengxin.validation.kinds.parties import subject_kind_of

MODULES = (amounts, codes, days, filled, parties, texts)
__all__ = [
    "ASK_EMPTY",
    "BY_KEY",
    "FLAGGED",
    "KINDS",
    "MODULES",
    "ROW",
    "WHOLE",
    "Check",
    "check_for",
    "subject_kind_of",
]

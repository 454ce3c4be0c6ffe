"""Names as they are registered and as people type them."""

from datetime import date

from hypothesis import strategies as st

from chengxin.standards.load import load_catalogue
from chengxin.subjects.names.match import Fit, fit
from chengxin.subjects.names.typed import typed
from chengxin.subjects.names.words import words_of

WORDS = words_of(load_catalogue(date(2026, 3, 10)))
PLACES = ("青岛", "青岛市即墨区", "即墨", "山东", "")
MARKS = "恒达海信鑫源宏图瑞丰泰和润嘉诚远盛荣"
TRADES = ("商贸", "机电设备", "建筑工程", "食品", "物流", "文化传播", "农业科技", "汽车维修")
FORMS = ("有限公司", "股份有限公司", "合伙企业（有限合伙）", "中心（个人独资）", "有限公司即墨分公司")
marks = st.text(MARKS, min_size=2, max_size=4)
names = st.builds("{}{}{}{}".format, st.sampled_from(PLACES), marks, st.sampled_from(TRADES), st.sampled_from(FORMS))


def fits(text: str, *names: str, code: str = "91370215MXFA000158") -> Fit | None:
    """How an organisation of these names (the present one first) fits what was typed."""
    return fit(typed(text, WORDS), [code], names, WORDS)


def why(text: str, *names: str) -> str:
    found = fits(text, *names)
    return found.reason.value if found else ""

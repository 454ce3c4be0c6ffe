"""Which public lists there are: what each is called, of which resources, what it says of itself."""

from dataclasses import dataclass

from chengxin.values.errors import Said


@dataclass(frozen=True)
class Public:
    """One public list."""

    name: str
    title: Said
    resources: tuple[str, ...]
    about: Said


_ALL = (
    Public(
        "permits",
        Said("行政许可公示", "Administrative permits"),
        ("permit",),
        Said(
            "行政机关作出的许可决定，自作出之日起七个工作日内公示。",
            "Permits granted by administrative bodies, published within seven working days.",
        ),
    ),
    Public(
        "penalties",
        Said("行政处罚公示", "Administrative penalties"),
        ("penalty",),
        Said(
            "行政机关作出的一般和严重处罚决定。轻微的和等级未认定的不公示。",
            "Penalties of the general and serious class. Minor ones and those without a confirmed class are not published.",
        ),
    ),
    Public(
        "serious",
        Said("严重失信主体名单", "Serious-dishonesty lists"),
        ("serious_list", "judgment_debtor"),
        Said(
            "只有依法设列的名单，由认定机关作出决定后列入。",
            "Only lists set up by law; each entry follows a decision of the competent body.",
        ),
    ),
    Public(
        "abnormal",
        Said("经营（活动）异常名录", "Abnormal operation"),
        ("abnormal",),
        Said(
            "因未按规定履行义务被列入的状态记录，不是严重失信。",
            "A state noted because a duty was not met. It is not serious dishonesty.",
        ),
    ),
    Public(
        "honours",
        Said("守信荣誉", "Honours for honesty"),
        ("honour", "tax_grade_a"),
        Said(
            "有权机关授予的诚实守信相关荣誉和纳税信用A级。",
            "Honours for honesty given by competent bodies, and taxpayers of grade A.",
        ),
    ),
)
LISTS = {one.name: one for one in _ALL}

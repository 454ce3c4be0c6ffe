"""The tiles of the dashboard: each a sentence, its numbers as a table, and how they are made. The chart is drawn from the table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from chengxin.site.access.asked import Asked
from chengxin.site.public.figures import REGISTERS, Figures, public_resources
from chengxin.site.public.published import LISTS
from chengxin.standards.model import Resource
from chengxin.standards.readers import Kind
from chengxin.standards.windows import prompt_rule
from chengxin.values.errors import Said

KINDS = {
    Kind.ORGANISATION: Said("法人和其他组织", "organisations"),
    Kind.SOLE_TRADER: Said("个体工商户", "sole traders"),
}
MONTHS = 12
_DRAWN = 5  # columns of a stack that are told apart; the others are one
Value = int | float | str | None


@dataclass(frozen=True)
class Column:
    """A column of numbers or words. `drawn`: the chart shows it; `rest`: the chart adds it to the others."""

    title: Said
    drawn: bool = False
    rest: bool = False
    number: bool = True


@dataclass(frozen=True)
class Row:
    """What it is about, its values, and the page of what is behind it."""

    title: Said
    values: tuple[Value, ...]
    link: str = ""


@dataclass(frozen=True)
class Tile:
    """One tile. `chart`: bar (lying), parts (lying, one after the other), stack (standing, one on the other) or line."""

    name: str
    title: Said
    formula: Said
    chart: str
    of: Said  # what the rows are
    columns: tuple[Column, ...]
    rows: list[Row]

    @property
    def table(self) -> list[tuple[Row, list[tuple[Column, Value]]]]:
        """Each row with its cells."""
        return [(row, list(zip(self.columns, row.values, strict=True))) for row in self.rows]

    @property
    def told(self) -> Said:
        """What the chart shows, for those who do not see it."""
        totals = [(sum(v for v in self._drawn(row) if v), row.title) for row in self.rows]
        totals = [pair for pair in totals if pair[0]]
        if not totals:
            return Said("图中没有数据。", "The chart holds no data.")
        most, least = max(totals, key=lambda t: t[0]), min(totals, key=lambda t: t[0])
        zh, en = _CHARTS[self.chart]
        names = [c.title for c in self.columns if c.drawn]
        return Said(
            f"{zh}，按{self.of.zh}画出{'、'.join(n.zh for n in names)}。最高：{most[1].zh} {most[0]:,}；"
            f"最低：{least[1].zh} {least[0]:,}。全部数字见“查看数据”。",
            f"{en} by {self.of.en}: {', '.join(n.en for n in names)}. Highest: {most[1].en} {most[0]:,}; "
            f"lowest: {least[1].en} {least[0]:,}. All numbers are in the table.",
        )

    def _drawn(self, row: Row) -> Iterable[int | float]:
        pairs = zip(self.columns, row.values, strict=True)
        return (v for c, v in pairs if (c.drawn or c.rest) and isinstance(v, int | float))


_CHARTS = {
    "bar": ("条形图", "Bars"),
    "stack": ("堆叠柱形图", "Stacked columns"),
    "parts": ("堆叠条形图", "Stacked bars"),
    "line": ("折线图", "Lines"),
}


def tiles(now: Figures, asked: Asked) -> list[Tile]:
    """All tiles, in the order of the page."""
    resources = public_resources(asked.catalogue)
    months = last_months(asked.at.day)
    return [
        _registers(now),
        _shown(now, resources),
        _by_month(now, resources, months),
        _prompt(now, resources, months, asked.at.day),
        _coverage(now, resources, asked),
    ]


def last_months(day: date) -> list[str]:
    """The last twelve months up to that of the day, oldest first."""
    last = day.year * 12 + day.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(last - MONTHS + 1, last + 1)]


def _registers(now: Figures) -> Tile:
    rows = [
        Row(Said(f"{REGISTERS[r].zh}·{KINDS[k].zh}", f"{REGISTERS[r].en}: {KINDS[k].en}"), (n,))
        for (r, k), n in sorted(now.subjects.items())
        if r in REGISTERS and k in KINDS
    ]
    n = f"{now.organisations:,}"
    return Tile(
        "registers",
        Said(f"登记在册的法人和其他组织共 {n} 个", f"{n} organisations are registered"),
        Said(
            "有现用名称的主体，按登记库和类别计；两个代码经认定属同一主体的仍计两个。个体工商户少于 5 的数不列，自然人不计。",
            "Subjects with a present name, by register and kind; two codes judged to be one subject count twice. Numbers of sole "
            "traders below 5 are left out; persons are not counted.",
        ),
        "bar",
        Said("登记库和类别", "register and kind"),
        (Column(Said("个数", "number"), drawn=True),),
        rows,
    )


def _shown(now: Figures, resources: list[Resource]) -> Tile:
    columns = (
        Column(Said("正在公示", "shown now"), drawn=True),
        Column(Said("生效批次", "files taken in")),
        Column(Said("最近收到", "last received"), number=False),
    )
    rows = []
    for r in resources:
        sent = now.sent.get(r.name)
        last = str(sent.last) if sent else None
        rows.append(Row(r.title, (now.records.get(r.name, 0), sent.times if sent else 0, last), _behind(r)))
    rows.sort(key=lambda row: -int(row.values[0] or 0))
    most = rows[0]
    n, m = f"{now.all_records:,}", f"{most.values[0]:,}"
    title = Said(
        f"正在公示 {n} 条，最多的一类是{most.title.zh}（{m} 条）",
        f"{n} records are shown, most of them {most.title.en} ({m})",
    )
    none = Said("目前没有正在公示的信息", "Nothing is shown at present")
    return Tile(
        "shown",
        title if now.all_records else none,
        Said(
            "状态有效、已定等级且应公示、在决定日至最后一日之间、已入公开日志的信息，含个体工商户；与查询页用同一个条件计数。",
            "In force, of a class to be published, between decision and last day, included in the log; sole traders too. "
            "Counted by the same condition as the pages.",
        ),
        "bar",
        Said("信息类", "resource"),
        columns,
        rows,
    )


def _by_month(now: Figures, resources: list[Resource], months: list[str]) -> Tile:
    totals = {r.name: sum(now.months.get(r.name, {}).get(m, 0) for m in months) for r in resources}
    told = sorted((r for r in resources if totals[r.name]), key=lambda r: -totals[r.name])
    columns = tuple(Column(r.title, drawn=i < _DRAWN, rest=i >= _DRAWN) for i, r in enumerate(told))
    rows = [Row(Said(m, m), tuple(now.months.get(r.name, {}).get(m, 0) for r in told)) for m in months]
    n = f"{sum(totals.values()):,}"
    return Tile(
        "months",
        Said(f"近12个月作出、现在仍公示的决定 {n} 条", f"{n} decisions of the last 12 months are shown now"),
        Said(
            "按决定日期所在月份计，只算现在仍公示的；已到期、修复、撤销的不在内，所以较早的月份会变少。",
            "By month of the decision, only what is shown now: what ended, was repaired or withdrawn is not in it, so earlier "
            "months grow smaller.",
        ),
        "stack",
        Said("决定月份", "month of decision"),
        columns,
        rows,
    )


def _prompt(now: Figures, resources: list[Resource], months: list[str], day: date) -> Tile:
    ruled = [(r, rule) for r in resources if (rule := prompt_rule(r, day)) is not None]
    told = {r.name: now.prompt.get(r.name, {}) for r, _ in ruled}
    columns: list[Column] = []
    for r, _ in ruled:
        columns += [
            Column(Said(f"{r.title.zh}按时率（%）", f"{r.title.en}: in time (%)"), drawn=True),
            Column(Said(f"{r.title.zh}按时", f"{r.title.en}: in time")),
            Column(Said(f"{r.title.zh}首次报送", f"{r.title.en}: first told")),
        ]
    rows = [Row(Said(m, m), tuple(v for r, _ in ruled for v in _share(*told[r.name].get(m, (0, 0))))) for m in months]
    in_time, of = (sum(told[r.name].get(m, (0, 0))[i] for r, _ in ruled for m in months) for i in (0, 1))
    terms = "、".join(f"{r.title.zh} {rule.params['working_days']} 个工作日" for r, rule in ruled)
    terms_en = ", ".join(f"{r.title.en} {rule.params['working_days']} working days" for r, rule in ruled)
    share = _share(in_time, of)[0]
    title = Said(f"近12个月按时率 {share}%", f"{share} % of the last 12 months were told in time")
    none = Said("近12个月还没有可以算按时率的信息", "Nothing of the last 12 months to tell the share in time")
    return Tile(
        "prompt",
        title if of else none,
        Said(
            f"按时率 = 在时限内首次报送的 ÷ 首次报送的，只算现在仍公示的；时限自决定次日起：{terms}。更正过、恢复公示的不计。",
            f"Share in time = first told within the term ÷ first told, of what is shown now. The term runs from the day after the "
            f"decision: {terms_en}. What was corrected or came back is not counted.",
        ),
        "line",
        Said("决定月份", "month of decision"),
        tuple(columns),
        rows,
    )


def _share(in_time: int, of: int) -> tuple[float | None, int, int]:
    return (round(100 * in_time / of, 1) if of else None), in_time, of


def _coverage(now: Figures, resources: list[Resource], asked: Asked) -> Tile:
    rows = []
    for number, entry in asked.catalogue.tables["categories"]["categories"].items():
        own = [r for r in resources if r.category == number]
        sent = now.sent_of(own)
        if own:
            title = Said(entry["title"]["zh"], entry["title"]["en"])
            rows.append(Row(title, (sent, len(own) - sent), f"{reverse('catalogue')}#{number}"))
    sent = now.sent_of(resources)
    return Tile(
        "coverage",
        Said(
            f"目录 {len(resources)} 类信息中，{sent} 类已有单位报送",
            f"Of {len(resources)} resources in the catalogue {sent} are sent",
        ),
        Said(
            "目录中可以公示的信息类；有过一个生效批次就算已报送。没有报送的，不能据此说没有这类信息。",
            "Resources that can be public. One file that took effect counts as sent. Of what is not sent nothing can be said.",
        ),
        "parts",
        Said("目录类别", "category"),
        (Column(Said("已报送", "sent"), drawn=True), Column(Said("尚未报送", "not sent yet"), drawn=True)),
        rows,
    )


def _behind(resource: Resource) -> str:
    """The public list of a resource, else its page in the catalogue."""
    found = next((one.name for one in LISTS.values() if resource.name in one.resources), None)
    return reverse("list", args=[found]) if found else reverse("resource", args=[resource.name])

"""How a standard reads: formats, needs, clauses and keys in words, for the page of a resource and for its template."""

from datetime import date
from typing import Any

from chengxin.standards import yaml_file
from chengxin.standards.load import Catalogue
from chengxin.standards.model import CodeValue, Field, Resource, Rule
from chengxin.values.errors import Said

# Kind of field → how to write it, and an example. The examples are made up; no office issued these codes.
_FORMATS: dict[str, tuple[Said, str]] = {
    "text": (Said("文字", "text"), ""),
    "name": (Said("名称或姓名，与证照一致", "name as on the certificate"), ""),
    "uscc": (Said("18 位统一社会信用代码，文本", "unified credit code, 18 characters, as text"), "91370215MXFAK00148"),
    "organisation_code": (Said("9 位组织机构代码，文本", "organisation code, 9 characters, as text"), "MXFAK0014"),
    "registration_number": (Said("15 位（旧 13 位）注册号，文本", "15 digits (old: 13), as text"), "370215000000016"),
    "number": (Said("编号，文本", "a number kept as text"), ""),
    "document": (Said("文书全称文号，文本", "number of the document in full, as text"), "示例字〔2026〕1号"),
    "identity_type": (Said("证件类型", "kind of paper"), "身份证"),
    "identity": (Said("证件号码，文本；不在任何结果中显示", "number of the paper, as text; never in any result"), ""),
    "date": (Said("日期，年-月-日；长期有效填 2099-12-31", "a date, year-month-day; no end: 2099-12-31"), "2026-03-05"),
    "money": (Said("金额，单位万元，最多六位小数，只填数字", "amount in 10,000 yuan, six decimals at most"), "0.5"),
    "code": (Said("从代码表选", "a value of the code list"), ""),
    "flag": (Said("是或否", "是 (yes) or 否 (no)"), "是"),
    "year": (Said("四位年份", "a year of four digits"), "2025"),
}  # fmt: skip
_FILLED = {
    "sender_code": Said("留空时按报送单位代码补", "if left empty, filled with the sender's code"),
    "sender_name": Said("留空时按报送单位名称补", "if left empty, filled with the sender's name"),
    "subject_kind": Said("留空时按代码推定", "if left empty, told by the code"),
}
TEXT_KINDS = ("uscc", "organisation_code", "registration_number", "number", "document", "identity", "name")


def subject_names(kinds: tuple[str, ...], catalogue: Catalogue) -> Said:
    """Kinds of subject in words."""
    values = {v.code: v for v in catalogue.code_list("subject_kind").values}
    return Said("、".join(values[k].label for k in kinds), ", ".join(values[k].en for k in kinds))


def values_on(name: str, catalogue: Catalogue) -> list[CodeValue]:
    """The values of a code list that may be used on the day of the catalogue."""
    day = catalogue.day
    return [
        v for v in catalogue.code_list(name).values
        if (v.since is None or v.since <= day) and (v.until is None or day <= v.until)
    ]  # fmt: skip


def needed(field: Field, resource: Resource, catalogue: Catalogue) -> Said:
    """When the field must be filled, or that it may be empty."""
    parts: list[Said] = []
    if field.constraints.required:
        parts.append(Said("必填", "required"))
    elif field.required_for:
        of = subject_names(field.required_for, catalogue)
        parts.append(Said(f"主体为{of.zh}时必填", f"required for: {of.en}"))
    for rule in resource.rules:
        if rule.kind == "required_when" and rule.field == field.name and rule.in_force(catalogue.day):
            other, words = resource.by_name[rule.params["other"]], "、".join(condition(rule))
            parts.append(Said(f"“{other.title}”含“{words}”时必填", f"required when {other.title_en} holds {words}"))
    if field.fill:
        parts.append(_FILLED[field.fill])
    return joined(parts) if parts else Said("可空", "optional")


def joined(parts: list[Said]) -> Said:
    """Several phrases as one."""
    return Said("；".join(p.zh for p in parts), "; ".join(p.en for p in parts))


def condition(rule: Rule) -> list[str]:
    """The words on which a rule looks."""
    return [str(w) for w in rule.params.get("contains") or rule.params.get("equals") or rule.params.get("words") or ()]


def format_of(field: Field, catalogue: Catalogue) -> Said:
    """How to write the field."""
    parts = [_FORMATS[field.kind][0]]
    if field.kind == "code" and field.codes:
        title = catalogue.code_list(field.codes).title
        parts = [Said(f"从代码表“{title.zh}”选", f"a value of the code list “{title.en}”")]
    if field.separator:
        parts.append(
            Said(f"可填多项，用“{field.separator}”隔开", f"several may be given, separated by “{field.separator}”")
        )
    if field.constraints.maxLength and field.kind in ("text", "name", "number", "document"):
        parts.append(
            Said(f"最多 {field.constraints.maxLength} 字", f"at most {field.constraints.maxLength} characters")
        )
    if field.placeholder:
        parts.append(Said(f"尚无代码的填 {field.placeholder}", f"{field.placeholder} where there is no code yet"))
    if field.drop:
        parts.append(Said("只用于核对，不保存", "serves a check only and is not kept"))
    return joined(parts)


def example_of(field: Field, catalogue: Catalogue, base: dict[str, Any]) -> str:
    """An example: from the cases of the resource, else one for the kind; none for what is private."""
    if field.private:
        return ""
    if base.get(field.name) not in (None, ""):
        return str(base[field.name])
    if field.codes and (values := values_on(field.codes, catalogue)):
        return values[0].label
    return _FORMATS[field.kind][1]


def base_row(resource: Resource, catalogue: Catalogue) -> dict[str, Any]:
    """The good row of the cases beside the resource; empty if there is none."""
    folder = catalogue.root / "cn" / "resources"
    for name in (f"{resource.name}@{resource.version}", resource.name):
        path = folder / f"{name}.cases.yaml"
        if path.exists():
            base = yaml_file.read_yaml(path).get("base")
            return dict(base) if isinstance(base, dict) else {}
    return {}


def short_clause(reference: str, catalogue: Catalogue) -> Said:
    """The clause as briefly as it can still be found: by its number where the title is long."""
    clause = catalogue.clause(reference)
    if clause.law.number and len(clause.law.title.zh) > 20:
        article = Said("", "") if clause.article == "all" else Said(f"第{clause.article}条", f", Art. {clause.article}")
        return Said(clause.law.number + article.zh, clause.law.number + article.en)
    return Said(clause.zh, clause.en)


def months(count: int) -> Said:
    """A number of months in words."""
    if count and count % 12 == 0:
        return Said(f"{count // 12} 年", f"{count // 12} year" + ("s" if count > 12 else ""))
    return Said(f"{count} 个月", f"{count} months")


def span(since: date | None, until: date | None) -> Said:
    """Since and until in words, empty if neither is set."""
    zh = (f"{since} 起" if since else "") + (f"至 {until}" if until else "")
    en = (f"since {since}" if since else "") + (" " if since and until else "") + (f"until {until}" if until else "")
    return Said(zh, en)


def key_words(resource: Resource) -> Said:
    """The natural key in words: what makes two rows the same fact."""
    names = [(f.title, f.title_en) for n in resource.natural_key if (f := resource.by_name.get(n))]
    if "@subject" in resource.natural_key:
        names.insert(2, ("主体（代码，无代码的按证件或名称）", "the subject (its code, else its paper or name)"))
    return Said("＋".join(zh for zh, _ in names), " + ".join(en for _, en in names))

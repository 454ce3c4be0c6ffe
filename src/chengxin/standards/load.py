"""Read the catalogue: YAML files in layers cn → cn-sd → cn-sd-jimo, as it stands on a day.

A lower layer may narrow and explain, never add an item (山东省社会信用条例 Art. 10). Unknown keys are refused with the
known ones listed, so that a slip of the pen never becomes a silent default.
"""

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from chengxin.standards import yaml_file
from chengxin.standards.confirmed import names_on, with_confirmed
from chengxin.standards.derive import with_derived_rules
from chengxin.standards.model import (
    Article,
    Clause,
    CodeList,
    CodeValue,
    Constraints,
    Field,
    Law,
    Matter,
    Purpose,
    Resource,
    Rule,
)
from chengxin.standards.readers import Kind, Need, Reader, View
from chengxin.standards.yaml_file import wrong
from chengxin.values.days import Calendar
from chengxin.values.errors import Refused, Said

LAYERS = ("cn", "cn-sd", "cn-sd-jimo")
T = TypeVar("T")


def shipped_catalogue() -> Path:
    """The folder of the catalogue that comes with the package."""
    return Path(str(files("chengxin"))) / "catalogue"


def _said(value: Any, where: object) -> Said:
    if not isinstance(value, Mapping) or set(value) - {"zh", "en"} or not {"zh", "en"} <= set(value):
        raise wrong(where, "需要 zh 与 en 两种文字", "needs both `zh` and `en`")
    return Said(str(value["zh"]), str(value["en"]))


def _convert(kind: type[T], key: str, hint: Any, value: Any, where: object) -> Any:
    text = str(hint)
    if hint is Said or (text.startswith("chengxin.values.errors.Said") and value is not None):
        return _said(value, f"{where}.{key}")
    if text.startswith("tuple") and isinstance(value, list):
        return tuple(value)
    if hint in (date, date | None) and value is not None and type(value) is not date:
        raise wrong(f"{where}.{key}", f"不是日期：{value}", f"not a date: {value}")
    return value


@lru_cache  # few kinds, thousands of values
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def build(kind: type[T], data: Any, where: object, **given: Any) -> T:
    """A frozen value of `kind` from a mapping; unknown or missing keys are refused with the known ones listed."""
    if not isinstance(data, Mapping):
        raise wrong(where, f"需要键值对，得到 {type(data).__name__}", f"needs a mapping, got {type(data).__name__}")
    known = {f.name: f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = [k for k in data if k not in known]
    if unknown:
        names = ", ".join(k for k in known if k not in given)
        raise wrong(where, f"未知的键 {unknown}；可用：{names}", f"unknown keys {unknown}; known: {names}")
    hints = _hints(kind)  # type: ignore[arg-type]
    values = {k: _convert(kind, k, hints[k], v, where) for k, v in data.items()} | given
    missing = [
        n
        for n, f in known.items()
        if n not in values and f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    ]
    if missing:
        raise wrong(where, f"缺少键 {missing}", f"missing keys {missing}")
    return kind(**values)


def _law(data: Any, where: object) -> Law:
    articles = {
        str(number): build(Article, {"zh": gist} if isinstance(gist, str) else gist, f"{where}.articles.{number}")
        for number, gist in (data.get("articles") or {}).items()
    }
    return build(Law, {k: v for k, v in data.items() if k != "articles"}, where, articles=articles)


def _code_list(data: Any, where: object) -> CodeList:
    values = tuple(build(CodeValue, v, f"{where}.values") for v in data.get("values") or ())
    return build(CodeList, {k: v for k, v in data.items() if k != "values"}, where, values=values)


def _field(data: Any, where: object, widest: str) -> Field:
    constraints = build(Constraints, data.get("constraints") or {}, f"{where}.constraints")
    rest = {k: v for k, v in data.items() if k != "constraints"}
    return build(Field, {"disclosure": widest} | rest, where, constraints=constraints)


def _rule(data: Any, where: object) -> Rule:
    own = {f.name for f in dataclasses.fields(Rule)} - {"params"}
    params = {k: v for k, v in data.items() if k not in own}
    return build(Rule, {k: v for k, v in data.items() if k in own}, where, params=params)


def resource_from(data: Any, where: object) -> Resource:
    """One resource from its YAML mapping. Rules derived from the fields are added by `standards.derive`."""
    if not isinstance(data, Mapping) or not isinstance(data.get("schema"), Mapping):
        raise wrong(where, "缺少 schema.fields", "missing schema.fields")
    widest = str(data.get("disclosure", ""))
    fields = tuple(
        _field(f, f"{where}.{f.get('name', '?')}" if isinstance(f, Mapping) else where, widest)
        for f in data["schema"].get("fields") or ()
    )
    rules = tuple(_rule(r, f"{where}.rules.{r.get('id', '?')}") for r in data.get("rules") or ())
    rest = {k: v for k, v in data.items() if k not in ("schema", "rules")}
    return build(Resource, rest, where, fields=fields, rules=rules)


def _purpose(name: str, data: Any, where: object) -> Purpose:
    try:
        told = dict(data)
        given = {
            "view": View(told.pop("view", "")),
            "readers": frozenset(Reader(r) for r in told.pop("readers", ())),
            "needs": {Kind(k): Need(n) for k, n in (told.pop("needs", None) or {}).items()},
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise wrong(where, f"没有这个词（{error}）", f"not a word of the list ({error})") from error
    return build(Purpose, told, where, name=name, **given)


@dataclass(frozen=True, eq=False)  # caches go by which catalogue it is, not by what is in it
class Catalogue:
    """All data of the catalogue as of one day. Everything else asks this object; nobody else reads the files."""

    root: Path
    day: date
    laws: dict[str, Law]
    resources: dict[str, Resource]
    code_lists: dict[str, CodeList]
    messages: dict[str, Said]
    tables: dict[str, Any]

    def clause(self, reference: str, where: object = "catalogue") -> Clause:
        """The clause for `law:article`; an unknown law or article is refused."""
        law_id, _, article = reference.partition(":")
        law = self.laws.get(law_id)
        if law is None:
            raise wrong(where, f"没有登记的文件 {law_id!r}", f"no instrument {law_id!r} in laws/")
        if article not in law.articles:
            known = ", ".join(law.articles)
            raise wrong(
                where,
                f"{law_id} 没有条款 {article!r}；有：{known}",
                f"{law_id} has no article {article!r}; has: {known}",
            )
        return Clause(law, article)

    def resource(self, name: str) -> Resource:
        """The resource called `name` (or its Chinese title); an unknown one is refused with the known ones listed."""
        for resource in self.resources.values():
            if name in (resource.name, resource.title.zh):
                return resource
        known_zh = "、".join(f"{r.name}（{r.title.zh}）" for r in self.resources.values())
        known_en = ", ".join(self.resources)
        raise Refused(
            "unknown-resource",
            Said(
                f"目录中没有信息类“{name}”。可用：{known_zh}。",
                f"No resource {name!r} in the catalogue. Known: {known_en}.",
            ),
        )

    def code_list(self, name: str, where: object = "catalogue") -> CodeList:
        """A code list by name."""
        if name not in self.code_lists:
            raise wrong(where, f"没有代码表 {name!r}", f"no code list {name!r}")
        return self.code_lists[name]

    def message(self, kind: str) -> Said:
        """The sentence for a kind of rule or a problem of intake."""
        if kind not in self.messages:
            raise wrong("messages", f"没有句子 {kind!r}", f"no message for {kind!r}")
        return self.messages[kind]

    @cached_property
    def purposes(self) -> dict[str, Purpose]:
        """What may be read for, by name: in force or not, drafts too."""
        entries = (self.tables.get("purposes") or {}).get("purposes") or {}
        return {name: _purpose(name, entry, f"purposes.yaml:{name}") for name, entry in entries.items()}

    @cached_property
    def matters(self) -> dict[str, Matter]:
        """In which work something may be checked, by name: in force or not, drafts too."""
        entries = (self.tables.get("matters") or {}).get("matters") or {}
        return {name: build(Matter, entry, f"matters.yaml:{name}", name=name) for name, entry in entries.items()}

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all files of the catalogue, by which it is told later what rules an answer was given by."""
        return _digest(self.root)

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of working days."""
        years = self.tables["calendar"]["years"]
        numbers = sorted(int(y) for y in years)
        return Calendar(
            holidays=frozenset(d for y in years.values() for d in y.get("holidays") or ()),
            makeup_days=frozenset(d for y in years.values() for d in y.get("makeup_days") or ()),
            published=frozenset(int(n) for n, y in years.items() if y.get("notice")),
            first_year=numbers[0],
            last_year=numbers[-1],
        )


@lru_cache(maxsize=8)
def _digest(root: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(root.rglob("*.yaml")):
        whole.update(path.relative_to(root).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _dated(layer: Path) -> dict[str, list[Path]]:
    """Resource files by name; `penalty@2027-01-01.yaml` is a later version of `penalty.yaml`."""
    found: dict[str, list[Path]] = {}
    for path in sorted((layer / "resources").glob("*.yaml")):
        if not path.stem.endswith(".cases"):
            found.setdefault(path.stem.partition("@")[0], []).append(path)
    return found


@lru_cache(maxsize=8)
def _versions(root: Path) -> dict[str, list[Resource]]:
    """All versions of the national resources, by name."""
    return {
        n: [resource_from(yaml_file.read_yaml(p), p.name) for p in paths] for n, paths in _dated(root / "cn").items()
    }


def _as_of(versions: list[Resource], day: date) -> Resource | None:
    valid = [r for r in versions if r.version <= day and (r.until is None or day <= r.until)]
    return max(valid, key=lambda r: r.version, default=None)


def first_day(name: str, root: Path | None = None) -> date:
    """The first day on which a resource stands in the catalogue; never, if it has no version at all."""
    return min((r.version for r in _versions(root or shipped_catalogue()).get(name, ())), default=date.max)


def _same_since(root: Path, day: date) -> date:
    """The last day, up to `day`, on which a version of a resource began or had just ended."""
    listed = [r for versions in _versions(root).values() for r in versions]
    turns = {r.version for r in listed} | {r.until + timedelta(days=1) for r in listed if r.until}
    return max((turn for turn in turns if turn <= day), default=date.min)


def _overlay(base: Resource, data: Mapping[str, Any], where: object) -> Resource:
    """A lower layer may only add aliases, reporters and domains, shorten retention or keep more back."""
    allowed = {"resource", "aliases", "reporters", "domains", "retention", "withhold"}
    if set(data) - allowed:
        extra = sorted(set(data) - allowed)
        raise wrong(
            where,
            f"下级不得增加 {extra}；可写：{sorted(allowed)}",
            f"a lower layer can't add {extra}; may have: {sorted(allowed)}",
        )
    aliases: Mapping[str, list[str]] = data.get("aliases") or {}
    withheld: list[str] = data.get("withhold") or []
    foreign = [n for n in (*aliases, *withheld) if n not in base.by_name]
    if foreign:
        raise wrong(where, f"下级不得增加数据项 {foreign}", f"a lower layer can't add fields {foreign}")
    fields = tuple(
        dataclasses.replace(
            f,
            aliases=(*f.aliases, *aliases.get(f.name, ())),
            disclosure="withheld" if f.name in withheld else f.disclosure,
        )
        for f in base.fields
    )
    return dataclasses.replace(
        base,
        fields=fields,
        reporters=tuple(data.get("reporters") or base.reporters),
        domains=tuple(data.get("domains") or base.domains),
        retention={**base.retention, **(data.get("retention") or {})},
    )


def _tables(root: Path) -> dict[str, Any]:
    """Single tables (severity, disclosure, calendar …); a lower layer's keys win where the upper layer has them."""
    tables: dict[str, Any] = {}
    for layer in LAYERS:
        for path in sorted((root / layer).glob("*.yaml")):
            data = yaml_file.read_yaml(path)
            tables[path.stem] = {**tables[path.stem], **data} if path.stem in tables else data
    return tables


def load_catalogue(day: date, root: Path | None = None) -> Catalogue:
    """The catalogue as of `day`. Refuses (with file and place) anything it can't read with certainty.

    Of the shipped one (no `root`) what the site in this process has confirmed by that day is no draft.
    """
    read = _as_read(day, root)
    names = names_on(day) if root is None else None
    return with_confirmed(read, names) if names else read


@lru_cache(maxsize=32)
def _as_read(day: date, root: Path | None) -> Catalogue:
    root = root or shipped_catalogue()
    # Read once for all the days between two changes: years of files are judged each by the catalogue of its day.
    return dataclasses.replace(_load(_same_since(root, day), root), day=day)


@lru_cache(maxsize=8)
def _load(day: date, root: Path) -> Catalogue:
    laws = [
        _law(entry, f"laws/{path.name}:{entry.get('id', '?')}")
        for path in sorted((root / "laws").glob("*.yaml"))
        for entry in yaml_file.read_yaml(path) or ()
    ]
    code_lists = [
        _code_list(yaml_file.read_yaml(path), path.name) for path in sorted((root / "cn" / "codes").glob("*.yaml"))
    ]
    messages: dict[str, Said] = {}
    for path in sorted((root / "messages").glob("*.yaml")):
        messages |= {k: _said(v, f"{path.name}:{k}") for k, v in (yaml_file.read_yaml(path) or {}).items()}
    tables = _tables(root)
    resources: dict[str, Resource] = {}
    national = _versions(root)
    for name, versions in national.items():
        resource = _as_of(versions, day)
        if resource is not None:
            resources[name] = resource
    for layer in LAYERS[1:]:
        for name, (path, *_) in _dated(root / layer).items():
            if name not in national:
                raise wrong(
                    f"{layer}/{path.name}",
                    f"上级目录没有信息类 {name!r}，下级不得增加",
                    f"the layer above has no item {name!r}; a lower layer can't add one",
                )
            if name in resources:  # else it has no version on that day
                resources[name] = _overlay(resources[name], yaml_file.read_yaml(path), f"{layer}/{path.name}")
        listed = tables.get(f"{layer}-list", {}).get("items")
        if listed is not None:
            resources = {n: r for n, r in resources.items() if n in listed}
    ids = [law.id for law in laws]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise wrong("laws", f"文件编号重复 {twice}", f"instrument ids used twice: {twice}")
    return Catalogue(
        root=root,
        day=day,
        laws={law.id: law for law in laws},
        resources={n: with_derived_rules(r) for n, r in sorted(resources.items())},
        code_lists={c.name: c for c in code_lists},
        messages=messages,
        tables=tables,
    )

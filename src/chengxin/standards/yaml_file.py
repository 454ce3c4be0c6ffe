"""Reading one file of the catalogue: safe YAML in which no key stands twice; whatever is broken is refused with its place."""

from pathlib import Path
from typing import Any

import yaml

from chengxin.values.errors import Refused, Said


def wrong(where: object, zh: str, en: str) -> Refused:
    """A refusal of a catalogue file, naming the place."""
    return Refused("catalogue", Said(f"{where}：{zh}", f"{where}: {en}"))


class _Loader(yaml.CSafeLoader):
    """Safe YAML that refuses a key written twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = {str(k) for k in keys if keys.count(k) > 1}
    if twice:
        place = f"{node.start_mark.name}:{node.start_mark.line + 1}"
        raise wrong(place, f"键写了两次：{'、'.join(sorted(twice))}", f"key written twice: {', '.join(sorted(twice))}")
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Any:
    """The content of one catalogue file; broken YAML is refused with file and line."""
    try:
        with path.open("rb") as stream:
            return yaml.load(stream, Loader=_Loader)  # noqa: S506 - a safe loader, see above
    except yaml.YAMLError as error:
        raise wrong(path.name, f"不是有效的 YAML（{error}）", f"not valid YAML ({error})") from error
    except ValueError as error:  # 2025-02-30: it looks like a date, so YAML tries to make one
        raise wrong(path.name, f"有一处不是日期（{error}）", f"something is no date ({error})") from error

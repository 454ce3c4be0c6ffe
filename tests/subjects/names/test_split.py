"""A name comes apart into place, trade name, trade and form."""

import pytest
from hypothesis import given

from chengxin.subjects.names.split import split
from chengxin.subjects.names.words import words_of
from chengxin.values.text import fold_name
from tests.subjects.names.made import WORDS, names


@pytest.mark.parametrize(
    ("name", "place", "core", "mark", "form"),
    [
        ("青岛恒达商贸有限公司", "青岛", "恒达商贸", "恒达", "有限公司"),
        ("青岛市即墨区恒达商贸有限公司", "青岛市即墨区", "恒达商贸", "恒达", "有限公司"),
        ("恒达商贸（青岛）有限公司", "青岛", "恒达商贸", "恒达", "有限公司"),
        ("山东省恒达机电设备股份有限公司", "山东省", "恒达机电设备", "恒达", "股份有限公司"),
        ("青岛恒达商贸有限公司即墨分公司", "青岛", "恒达商贸", "恒达", "有限公司即墨分公司"),
        ("青岛恒达合伙企业（有限合伙）", "青岛", "恒达", "恒达", "合伙企业有限合伙"),
        ("青岛市即墨区龙山街道王家村股份经济合作社", "青岛市即墨区龙山街道", "王家村", "王家", "股份经济合作社"),
        ("恒达", "", "恒达", "恒达", ""),
        ("青岛银行股份有限公司", "青岛", "青岛银行", "青岛", "股份有限公司"),
        ("青岛海阳商贸有限公司", "青岛海阳", "海阳商贸", "海阳", "有限公司"),
        ("中国石化销售有限公司", "中国", "石化销售", "", "有限公司"),
        ("青岛有限公司", "青岛", "", "", "有限公司"),
        ("青岛商贸有限公司", "青岛", "青岛商贸", "青岛", "有限公司"),
        ("有限公司", "", "", "", "有限公司"),
        ("（", "", "", "", ""),
        ("", "", "", "", ""),
    ],
)
def test_a_name_comes_apart(name: str, place: str, core: str, mark: str, form: str) -> None:
    parts = split(fold_name(name), WORDS)
    assert (parts.place, parts.core, parts.mark, parts.form) == (place, core, mark, form)


@given(names)
def test_nothing_of_a_name_is_lost(name: str) -> None:
    parts = split(fold_name(name), WORDS)
    assert parts.place + parts.core + parts.form == parts.plain.replace("(", "").replace(")", "")
    assert parts.core.startswith(parts.mark)


def test_words_are_those_of_all_layers_of_the_catalogue() -> None:
    provinces, cities, districts, streets = (level.words for level in WORDS.levels)
    assert ("山东" in provinces, "青岛" in cities, "即墨" in districts, "龙山街道" in streets) == (True,) * 4


def test_other_words_have_another_digest() -> None:
    from dataclasses import replace
    from datetime import date

    from chengxin.standards.load import load_catalogue

    catalogue = load_catalogue(date(2026, 3, 10))
    more = catalogue.tables["names"] | {"trades": [*catalogue.tables["names"]["trades"], "糖画"]}
    other = words_of(replace(catalogue, tables=catalogue.tables | {"names": more}))
    assert other.digest != WORDS.digest
    assert split("青岛恒达糖画有限公司", other).mark == "恒达"

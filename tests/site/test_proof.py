"""A page's quick digest of a row is the one that its event was made from, whatever the text."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengxin.flow.events import BOUND, bound_digests

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
OTHER = {
    "decided_on": st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    "last_day": st.none() | st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    "adverse": st.booleans(),
    "published": st.booleans(),
    "draft": st.booleans(),
    "source_order": st.integers(0, 2**53),
}
ROW = st.fixed_dictionaries({name: OTHER.get(name, st.none() | TEXT) for name in BOUND} | {"content": TEXT})


@pytest.mark.usefixtures("desk")  # models can be imported once a site is open
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROW)
def test_the_quick_digest_is_the_one_of_the_events(row: dict[str, Any]) -> None:
    from chengxin.site.store.proof import _digests

    schema = {"decided_on": pl.Date, "last_day": pl.Date, "source_order": pl.Int64} | dict.fromkeys(
        ("adverse", "published", "draft"), pl.Boolean
    )
    frame = pl.DataFrame([row], schema={name: schema.get(name, pl.String) for name in row})
    assert next(iter(_digests(row))) == bound_digests(frame).item()

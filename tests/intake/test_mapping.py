"""What an authority's headings meant last time."""

from pathlib import Path

from chengxin.intake.mapping import remember, remembered


def test_what_was_remembered_is_read_back_and_added_to(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    assert remembered(folder, "11370215MXFAK0X65D", "penalty") == {}
    remember(folder, "11370215MXFAK0X65D", "penalty", {"罚了多少": "CF_NR_FK"})
    remember(folder, "11370215MXFAK0X65D", "penalty", {"哪天": "CF_JDRQ", "罚了多少": "CF_NR_WFFF"})
    assert remembered(folder, "11370215MXFAK0X65D", "penalty") == {"罚了多少": "CF_NR_WFFF", "哪天": "CF_JDRQ"}
    assert remembered(folder, "11370215MXFAK0X65D", "permit") == {}
    assert not list(folder.glob("*.part"))


def test_a_broken_file_is_as_if_nothing_were_remembered(tmp_path: Path) -> None:
    remember(tmp_path, "a", "penalty", {"x": "CF_WSH"})
    for path in tmp_path.glob("*.json"):
        path.write_bytes(b'{"x": ')
    assert remembered(tmp_path, "a", "penalty") == {}


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    remember(tmp_path / "kept", "../../evil", "/etc/x", {"x": "CF_WSH"})
    assert [p.parent for p in tmp_path.rglob("*.json")] == [tmp_path / "kept"]

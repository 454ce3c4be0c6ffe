"""A seal and a sealed report, made once."""

import pytest

from chengxin.reports.paper import paper
from chengxin.reports.seal import FileSeal, load_seal, make_demo_seal, sealed
from tests.reports.cast import fine, made


@pytest.fixture(scope="session")
def seal(tmp_path_factory: pytest.TempPathFactory) -> FileSeal:
    folder = tmp_path_factory.mktemp("seal")
    make_demo_seal(folder, "示例信用办")
    return load_seal(folder)


@pytest.fixture(scope="session")
def document(seal: FileSeal) -> bytes:
    return sealed(paper(made([fine(1), fine(2)]), b"a proof\n"), seal, "出具")

"""`chengxin site new`."""

import os
import subprocess
import sys
from pathlib import Path


def test_a_site_is_made_where_the_other_commands_look_for_it(tmp_path: Path) -> None:
    own = {k: v for k, v in os.environ.items() if k != "CHENGXIN_DATABASE"} | {"CHENGXIN_SITE": str(tmp_path / "site")}
    command = [sys.executable, "-m", "chengxin.cli.main", "site", "new", "--demo"]
    told = subprocess.run(command, env=own, capture_output=True, text=True, check=False, timeout=120)
    assert (told.returncode, (tmp_path / "site" / "keys.json").exists() or told.stderr) == (0, True)

"""All figures, one after another: `make bench`. Each prints its table; copy them to docs/figures.md with the machine."""

import os
import platform
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = [
    "one_row",
    "workbook",
    "validate_sixteen",
    "validate_penalty",
    "submit",
    "registers",
    "checks",
    "feed",
    "pages",
    "reports",
]
sys.path.insert(0, str(HERE.parent))

if __name__ == "__main__":
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    sys.argv = [sys.argv[0], "--ten"]
    for script in SCRIPTS:
        runpy.run_path(str(HERE / f"{script}.py"), run_name="__main__")

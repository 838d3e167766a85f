"""How long `supportstuga import` takes for a large municipality, as a workbook and as a folder.

    python benchmarks/importing.py [--units 300] [--folder DIR]

Every step is the real command in a process of its own, on a SQLite file with full fsync.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import organisation  # noqa: E402


def run(line: str, where: Path) -> float:
    """Seconds for one command."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "bot", *line.split()]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{where}/bench.db"}
    done = subprocess.run(command, cwd=where, env=surroundings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - begun


def measure(where: Path, units: int) -> None:
    size = organisation.Size(units=units, helpers_per_unit=3, askers_per_unit=31)
    organisation.write(where / "sheets", size)
    people = size.units * (size.helpers_per_unit + size.askers_per_unit) + 1
    run("migrate", where)
    print(f"{people:,} people, {units} units")
    for what, line in (
        ("folder: dry run on an empty database", "import sheets --dry-run"),
        ("folder: everything is new", "import sheets --yes"),
        ("folder: nothing is new", "import sheets --yes"),
        ("export to a workbook", "export all.xlsx"),
        ("workbook: nothing is new", "import all.xlsx --yes"),
    ):
        print(f"{what:40} {run(line, where):6.1f} s")
    (where / "bench.db").unlink()
    run("migrate", where)
    print(f"{'workbook: everything is new':40} {run('import all.xlsx --yes', where):6.1f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=300)
    parser.add_argument("--folder", type=Path, help="keep the files here")
    options = parser.parse_args()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        measure(options.folder, options.units)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options.units)


if __name__ == "__main__":
    main()

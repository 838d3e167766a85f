"""Somebody types at the terminal: what the tests of the commands have in common."""

import pytest

from bot import cli

Said = pytest.CaptureFixture[str]


def type_in(line: str, capsys: Said) -> tuple[int, str, str]:
    """Exit code, what was said, what was complained."""
    try:
        code = cli.main(line.split())
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err

"""The composition root: what speaks to Slack."""

from bot import app


def test_whom_we_trust_is_read_once_for_every_client():
    one, other = app.client("xoxb-1", "https://slack.example/api/"), app.client("xoxb-2", "https://slack.example/api/")
    assert one.ssl is other.ssl is not None


def test_a_workspace_on_this_machine_needs_none():
    assert app.client("xoxb-1", "http://127.0.0.1:8000/api/").ssl is None

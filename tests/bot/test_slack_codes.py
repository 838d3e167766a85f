"""What Slack's answers mean for a letter."""

import pytest

from bot import slack_codes
from bot.slack_codes import Meaning

TABLE = {
    Meaning.NEVER: "channel_not_found user_disabled user_not_found user_not_visible is_archived cannot_dm_bot not_in_channel",
    Meaning.LATER: "ratelimited rate_limited message_limit_exceeded invalid_auth not_authed token_revoked token_expired "
    "account_inactive missing_scope",
    Meaning.UNCLEAR: "internal_error fatal_error service_unavailable request_timeout",
    Meaning.POST_ANEW: "message_not_found cant_update_message edit_window_closed",
    Meaning.DONE: "already_reacted no_reaction",
    Meaning.OUR_BUG: "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long",
}


@pytest.mark.parametrize(("code", "means"), [(code, means) for means, codes in TABLE.items() for code in codes.split()])
def test_a_code_means_this(code, means):
    assert slack_codes.meaning(code) is means


@pytest.mark.parametrize(
    "code", ["", "http_407", "INVALID_BLOCKS", "Received a response in a non-JSON format: <html>"]
)
def test_what_is_no_word_of_slacks_says_nothing_about_the_letter(code):
    assert slack_codes.meaning(code) is Meaning.LATER


def test_what_is_unknown_is_tried_again_but_holds_nothing_up():
    assert slack_codes.meaning("something_new_of_2027") is Meaning.UNKNOWN


def test_nobody_is_given_up_for_our_own_mistakes():
    """A wrong token or a missing scope is mended by an operator: nothing may be thrown away meanwhile."""
    ours = ("auth", "token", "scope", "limit", "inactive")
    assert not [
        code
        for code, means in slack_codes.CODES.items()
        if means is Meaning.NEVER and any(word in code for word in ours)
    ]

"""What Slack's answers mean for a letter: never, later, gone, or our own bug. One table, translated once.

Source: the error lists of chat.*, reactions.*, files.info and conversations.open in Slack's documentation.
"""

import re
from enum import StrEnum


class Meaning(StrEnum):
    NEVER = "never"  # the receiver cannot be reached this way: given up, visibly
    LATER = "later"  # Slack has not taken it; try again
    UNCLEAR = "unclear"  # Slack may have taken it: look before sending again
    POST_ANEW = "post_anew"  # the message to be edited is gone
    DONE = "done"  # it is so already
    UNKNOWN = "unknown"  # not in this table: try again, but do not hold up others for ever
    OUR_BUG = "our_bug"  # our blocks are wrong: send the plain text, log an error


CODES = {
    "channel_not_found": Meaning.NEVER,
    "is_archived": Meaning.NEVER,
    "not_in_channel": Meaning.NEVER,
    "user_not_found": Meaning.NEVER,
    "user_disabled": Meaning.NEVER,
    "user_not_visible": Meaning.NEVER,
    "users_not_found": Meaning.NEVER,
    "cannot_dm_bot": Meaning.NEVER,
    "restricted_action": Meaning.NEVER,
    "messages_tab_disabled": Meaning.NEVER,
    "already_reacted": Meaning.DONE,
    "no_reaction": Meaning.DONE,
    "invalid_name": Meaning.NEVER,
    "too_many_emoji": Meaning.NEVER,
    "too_many_reactions": Meaning.NEVER,
    "cant_delete_message": Meaning.NEVER,
    "file_not_found": Meaning.NEVER,
    "file_deleted": Meaning.NEVER,
    "message_not_found": Meaning.POST_ANEW,
    "cant_update_message": Meaning.POST_ANEW,
    "edit_window_closed": Meaning.POST_ANEW,
    "invalid_blocks": Meaning.OUR_BUG,
    "invalid_blocks_format": Meaning.OUR_BUG,
    "msg_blocks_too_long": Meaning.OUR_BUG,
    "msg_too_long": Meaning.OUR_BUG,
    "ratelimited": Meaning.LATER,
    "rate_limited": Meaning.LATER,
    "message_limit_exceeded": Meaning.LATER,
    "invalid_auth": Meaning.LATER,  # an operator mends the token; nothing is lost meanwhile
    "not_authed": Meaning.LATER,
    "account_inactive": Meaning.LATER,
    "token_revoked": Meaning.LATER,
    "token_expired": Meaning.LATER,
    "missing_scope": Meaning.LATER,
    "service_unavailable": Meaning.UNCLEAR,
    "internal_error": Meaning.UNCLEAR,
    "fatal_error": Meaning.UNCLEAR,
    "request_timeout": Meaning.UNCLEAR,
}

ITS_OWN = re.compile(r"(?!http_)[a-z]+(_[a-z0-9]+)*")


def meaning(code: str) -> Meaning:
    """An unknown code is tried again, and logged, rather than lost. What is none of Slack's (a proxy's page, a bare
    status) says nothing about the letter.
    """
    return CODES.get(code, Meaning.UNKNOWN if ITS_OWN.fullmatch(code) else Meaning.LATER)

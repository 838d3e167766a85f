"""The type that everything here passes around: a JSON object.

Slack's objects are open (new keys come whenever Slack likes), so they stay dicts; what the workspace itself
keeps about people, conversations and connections are dataclasses.
"""

from typing import Any

Json = dict[str, Any]

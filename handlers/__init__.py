"""Slack's shapes, in and out: what came in, what people see. Never SQL, never a rule."""

"""What people see: functions from finished data to Slack's blocks. Pure: no database, no client."""

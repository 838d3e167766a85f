"""The invented municipality as CSV files, so that `supportstuga demo` finds them when installed."""

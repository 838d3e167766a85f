"""`python -m bot` is `supportstuga`."""

from bot.cli import main

raise SystemExit(main())

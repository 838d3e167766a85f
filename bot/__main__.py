"""`python -m bot` is `supportstuga`."""

import gc


def main() -> int:
    """What is imported stays until the end: nobody looks for rubbish in it, which took a fifth of every start."""
    gc.disable()
    from bot import cli

    gc.freeze()
    gc.enable()
    return cli.main()


if __name__ == "__main__":
    raise SystemExit(main())

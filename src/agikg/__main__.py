"""``python -m agikg``."""

from agikg.cli.app import main

if __name__ == "__main__":
    main()

"""``python -m duban_flow`` is ``duban``."""

from duban_flow.cli.app import main

if __name__ == "__main__":
    main()

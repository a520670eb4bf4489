"""Imports every module of the installed package, and refuses the source tree's.

Run it outside the checkout: it proves that the wheel holds all it needs and that
nothing imports what the wheel does not ask for.
"""

import importlib
import importlib.metadata
import pkgutil
import sys
from pathlib import Path

import duban_flow


def main() -> int:
    folder = Path(duban_flow.__file__).parent
    assert "site-packages" in folder.parts, f"not installed: {folder}"
    assert (folder / "py.typed").is_file(), "the wheel lacks py.typed"
    names = [m.name for m in pkgutil.walk_packages([str(folder)], "duban_flow.")]
    for name in names:
        importlib.import_module(name)
    for name in duban_flow.__all__:
        assert getattr(duban_flow, name) is not None, name
    version = importlib.metadata.version("duban-flow")
    print(f"duban-flow {version}: {len(names)} modules import")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Run every benchmark and print its ratio: ``python -m benchmarks``."""

from __future__ import annotations

import sys

from benchmarks import deadlines, notices, sweeping, workflow


def main() -> None:
    """Print one line a benchmark; the sweep also at ten times the size."""
    lines: list[object] = [workflow.run(), *deadlines.run()]
    lines += [sweeping.run(1_000), sweeping.run(10_000), notices.run()]
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"memory at most: {sweeping.memory()}\n")


if __name__ == "__main__":
    main()

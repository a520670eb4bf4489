"""The plugin is told its server by the file that the command line reads."""

from __future__ import annotations

import json
import subprocess
import sys

CONFIG = """
database = "sqlite://"
plugins = ["duban-flow-email"]
[options.email]
host = "127.0.0.1"
port = 25
sender = "dc@example.org"
security = "none"
"""


def test_a_configured_plugin_brings_its_channel(tmp_path):
    """`duban plugins` lists the e-mail channel and where it comes from."""
    (tmp_path / "duban.toml").write_text(CONFIG, "utf-8")
    command = [sys.executable, "-m", "duban_flow", "plugins", "--json"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    assert "duban_register_channels" in ran.stdout.decode()
    json.loads(ran.stdout)

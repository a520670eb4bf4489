"""Text in, values out, and back: TOML, ledgers, Markdown and HTML."""

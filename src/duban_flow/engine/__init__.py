"""The day's work, told in ports: one road for every write, and what runs on it."""

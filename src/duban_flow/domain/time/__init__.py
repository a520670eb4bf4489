"""Calendars and terms: which time is worked, how it is counted, where it ends."""

"""Notices of duban_flow by e-mail."""

from duban_flow_email.channel import EmailChannel

__all__ = ["EmailChannel"]

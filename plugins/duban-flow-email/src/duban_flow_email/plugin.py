"""The plugin: registers a channel where the office was given options for one.

Installed and unconfigured, it brings nothing and connects to nothing.
"""

from __future__ import annotations

from duban_flow.ports import Channel, Options, Register, hookimpl
from duban_flow_email.channel import EmailChannel


@hookimpl
def duban_register_channels(register: Register[Channel], options: Options) -> None:
    """Register the channel that ``options["email"]`` describes.

    The options are the arguments of :class:`EmailChannel`, by name.
    """
    described = options.get("email")
    if described is not None:
        register(EmailChannel(**described))

"""The whole suite, topic by topic.

A storage of your own subclasses it, gives a fresh storage and inherits every test::

    class TestMine(StorageConformance):
        def storage(self) -> Storage:
            return MyStorage(...)

What a storage does not declare among its ``capabilities`` is skipped by name.
"""

from duban_flow.testing.storage.claims import Claims
from duban_flow.testing.storage.editions import Editions
from duban_flow.testing.storage.events import Events
from duban_flow.testing.storage.finding import Finding
from duban_flow.testing.storage.joining import Joining
from duban_flow.testing.storage.keys import Keys
from duban_flow.testing.storage.outbox import Outbox
from duban_flow.testing.storage.panels import Panels
from duban_flow.testing.storage.schema import Schema
from duban_flow.testing.storage.tenants import Tenants
from duban_flow.testing.storage.texts import Texts
from duban_flow.testing.storage.versions import Versions
from duban_flow.testing.storage.wholeness import Wholeness


class StorageConformance(
    Versions,
    Wholeness,
    Events,
    Keys,
    Editions,
    Panels,
    Tenants,
    Claims,
    Outbox,
    Finding,
    Texts,
    Schema,
    Joining,
):
    """What a storage promises: one test for each promise."""

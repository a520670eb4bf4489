"""A database is for a rehearsal or for earnest, for ever; plugins get their options."""

from __future__ import annotations

import pytest

from duban_flow import Invalid, NewItem, Office, SchemaMismatch
from duban_flow.storage.memory import MemoryStorage
from duban_flow.storage.sql import SqlStorage
from tests.engine.house import House, at


def test_a_rehearsal_marks_its_database(storage):
    """It may be rehearsed on again, and never used in earnest."""
    House.open(storage).assign()
    assert len(House.open(storage).desk().find()) == 1
    with pytest.raises(Invalid) as refused:
        Office.open(storage, create=True)
    assert refused.value.code == "office.purpose"
    assert "演练" in refused.value.text("zh")


def test_earnest_use_marks_it_too(storage, open_in_earnest):
    """Nobody rehearses on what is in use; opening it again is no fault."""
    open_in_earnest()
    open_in_earnest()
    with pytest.raises(Invalid) as refused:
        Office.rehearsal(storage)
    assert refused.value.code == "office.purpose"


def test_the_mark_is_the_databases_and_no_tenants(storage):
    """Another tenant of a rehearsal's database is a rehearsal's as well."""
    Office.rehearsal(storage, tenant="one")
    Office.rehearsal(storage, tenant="two")
    with pytest.raises(Invalid):
        Office.open(storage, tenant="three", create=True)


def test_without_a_schema_nothing_is_opened_in_earnest(tmp_path):
    """The schema is made only where that was asked for."""
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    with pytest.raises(SchemaMismatch):
        Office.open(url)
    Office.open(url, create=True).close()
    with Office.open(url).closing() as office:
        assert office.desk("dcs", now=at("06-01 09:00")).find().items == ()


def test_a_rehearsal_on_disk_is_there_the_next_time(tmp_path):
    """What was rehearsed is read again by its URL."""
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    now = at("06-01 09:00")
    with Office.rehearsal(url).closing() as office:
        office.desk("督查室", now=now).assign(NewItem("A-1", "修路"))
    with Office.rehearsal(url).closing() as office:
        assert office.desk("督查室", now=now).get("A-1").title == "修路"


@pytest.mark.parametrize("storage_of", [MemoryStorage, lambda: SqlStorage("sqlite://")])
def test_a_storage_is_taken_as_it_is(storage_of):
    """A host may hand over what it has opened itself."""
    told = storage_of()
    assert Office.rehearsal(told).storage is told
    told.close()


PAGER = """
    from duban_flow.engine.hooks import hookimpl
    from duban_flow.testing import Recording

    @hookimpl
    def duban_register_channels(register, options):
        if "pager" in options:
            register(Recording(options["pager"]["name"]))
"""


@pytest.mark.parametrize("how", ["rehearsal", "open"])
def test_options_reach_the_plugins_they_are_for(distribution, how):
    """An office tells its plugins what the host tells it, and nothing without."""
    distribution(f"pager-{how}", PAGER)

    def channels(**about):
        told = {"plugins": [f"pager-{how}"], **about}
        if how == "rehearsal":
            return list(Office.rehearsal(**told).extensions.channels)
        return list(
            Office.open(MemoryStorage(), create=True, **told).extensions.channels
        )

    assert channels(options={"pager": {"name": "beeper"}}) == ["beeper"]
    assert channels() == []

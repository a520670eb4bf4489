"""Sanctions as people and programs read them."""

from __future__ import annotations

from typing import Any, Final

from duban_flow.cli.call import Call
from duban_flow.cli.screen import say, show_fields
from duban_flow.cli.words import listed, role_word, short, stage_word
from duban_flow.domain.codec import unstructure
from duban_flow.domain.policies.explain_text import ground_text
from duban_flow.domain.sanctions import Citation, Ground, Sanction, Stage

TAIL: Final = 8
"""How much of an id a list shows; any ending that is one sanction's will do."""

_MARKS: Final = {True: "✓", False: "✗", None: "?"}


def sanction_row(call: Call, one: Sanction) -> list[str]:
    """Give one line of a list."""
    return [
        one.id[-TAIL:],
        one.kind_name,
        call.name(one.unit),
        listed((c.code for c in one.citations), call.lang),
        stage_word(one.stage, call.lang) + doubt(call, one),
        next_step(call, one),
    ]


def doubt(call: Call, one: Sanction) -> str:
    """Mark one whose revocation is proposed, and not decided."""
    return call.say("（拟撤销）", " (to revoke?)") if one.to_revoke else ""


def next_step(call: Call, one: Sanction) -> str:
    """Say whose turn it is."""
    if one.next_body is not None:
        return call.name(one.next_body)
    return call.say("下发", "issue") if one.stage is Stage.APPROVED else ""


def show_sanction(call: Call, one: Sanction, changed: tuple[str, ...]) -> None:
    """Show one sanction whole: its grounds, and what changed since."""
    word, zone = call.say, call.zone
    agreed = [f"{call.name(a.body)}  {short(a.on, zone)}" for a in one.approvals]
    show_fields(
        [
            ("ID", one.id),
            (word("措施", "kind"), one.kind_name),
            (word("单位", "unit"), call.name(one.unit)),
            (word("角色", "role"), role_word(one.role, call.lang)),
            (word("阶段", "stage"), stage_word(one.stage, call.lang)),
            (word("待", "next"), next_step(call, one)),
            (word("理由", "reason"), one.reason),
            (word("依据", "basis"), listed(one.basis, call.lang)),
            (word("文号", "number"), one.number),
            (word("提请", "proposed"), short(one.proposed_at, zone)),
            (word("同意", "approved"), "\n".join(agreed)),
            (word("下发", "issued"), short(one.issued_at, zone)),
            (word("撤销", "revoked"), short(one.revoked_at, zone)),
            (word("整改时限", "rectify"), short(one.rectify_by, zone)),
            (word("否决", "rejected by"), call.name(one.rejected_by)),
            (word("拟撤销", "to revoke?"), _doubt(call, one)),
        ]
    )
    for citation in one.citations:
        say()
        _show_citation(call, citation, one.policy)
    if changed:
        say()
        say(word("提请以后有变化：", "Changed since it was proposed:"), style="bold")
        for line in changed:
            say(line, indent="  ! ")


def _doubt(call: Call, one: Sanction) -> str:
    """Say for which items a sanction would not have been, by which edition."""
    found = one.revocation if one.to_revoke else None
    if found is None:
        return ""
    codes = listed(found.codes, call.lang)
    edition = found.reason.rpartition(": ")[2]
    return call.say(
        f"按更正后的时限，{codes}不应问责（日历{edition}）",
        f"not by the corrected dates of {codes} (calendar {edition})",
    )


def _show_citation(call: Call, citation: Citation, policy: str) -> None:
    rung = call.say(f"规则“{citation.rung}”", f"rung {citation.rung!r}")
    say(f"{citation.code} {citation.title}  {rung}", style="bold")
    for ground in citation.grounds:
        said = _ground(call, ground, citation.rung, policy)
        say(said, indent=f"  {_MARKS[ground.holds]} ")


def _ground(call: Call, ground: Ground, key: str, policy: str) -> str:
    """Say a ground in words; what was found stands behind it where it says more."""
    known = call.opened().settings.policies.get(policy)
    if known is None:
        return ground.condition
    rung = next((one for one in known.rung if one.key == key), None)
    said = ground_text(ground, rung, call.lang, kinds=known.kinds)
    if ground.found in ("", ground.condition) or ground.found in said:
        return said
    return call.say(f"{said}（{ground.found}）", f"{said} ({ground.found})")


def sanction_data(call: Call, one: Sanction) -> dict[str, Any]:
    """Give what a program reads of a sanction: the same keys for every one."""
    return {
        "id": one.id,
        "kind": one.kind,
        "kind_name": one.kind_name,
        "unit": one.unit,
        "unit_name": call.name(one.unit),
        "role": one.role.value,
        "stage": one.stage.value,
        "next_body": one.next_body,
        "items": [{"code": c.code, "title": c.title} for c in one.citations],
        "citations": unstructure(one.citations),
        "reason": one.reason,
        "basis": list(one.basis),
        "policy": one.policy,
        "number": one.number,
        "proposed_at": unstructure(one.proposed_at),
        "approvals": [
            {"body": a.body, "actor": a.actor, "on": a.on, "changed": list(a.changed)}
            for a in one.approvals
        ],
        "issued_at": unstructure(one.issued_at),
        "revoked_at": unstructure(one.revoked_at),
        "to_revoke": one.to_revoke,
        "revocation": unstructure(one.revocation),
        "rectify_by": unstructure(one.rectify_by),
        "version": one.version,
    }

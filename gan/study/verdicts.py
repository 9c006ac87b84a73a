"""Verdicts: what a study's numbers say to its rules, and why, in words.

supported: every claim's interval lies wholly on the right side. refuted: one lies wholly on the wrong side.
inconclusive: neither, or a claim could not be judged, as where a run has not arrived at its closed form
(`gan.study.arrival`). With one seed nothing is ever supported: the verdict is
indicative, and says which way it leans. Where the gate is not passed there is no verdict at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gan.study.rules import Claim, Rule, Scores
from gan.study.statistics import Measurement, Side, mean_over_seeds

ClaimState = Literal["right", "wrong", "open", "not tested", "undertrained"]
VerdictWord = Literal["supported", "refuted", "inconclusive", "indicative", "no verdict", "passed", "failed"]


@dataclass(frozen=True)
class Finding:
    """A claim with what was measured; None where it was not tested."""

    claim: Claim
    state: ClaimState
    measured: Measurement | None
    missing: tuple[int, ...] = ()
    """Seeds of the study that have no value yet, or whose runs failed."""
    unmet: str = ""
    """What does not hold for one of its runs, without which it is not judged; "" where it is."""

    @property
    def sentence(self) -> str:
        """The claim, what was measured, and what that means."""
        if self.measured is None:
            return f"{self.claim}: not tested"
        shown = f"{self.measured.mean:.3f}"
        if self.measured.has_interval:
            shown += f" [{self.measured.low:.3f}, {self.measured.high:.3f}]"
        because = f", for not {self.unmet}" if self.unmet else ""
        return f"{self.claim}: {shown}, {MEANINGS[self.state]}{because}"


MEANINGS: dict[ClaimState, str] = {
    "right": "holds",
    "wrong": "does not hold",
    "open": "open",
    "not tested": "not tested",
    "undertrained": "undertrained, not judged",
}


@dataclass(frozen=True)
class Verdict:
    """The verdict on a rule.

    leaning: what the verdict would be if one seed were enough. reason: a sentence. reads: the finding in words.
    """

    rule: Rule
    word: VerdictWord
    leaning: VerdictWord
    reason: str
    findings: tuple[Finding, ...]
    reads: str = ""


def judge(
    rules: Sequence[Rule],
    scores: Scores,
    seeds: Sequence[int],
    *,
    broken: Mapping[str, str] | None = None,
    arrivals: Mapping[str, Claim] | None = None,
) -> list[Verdict]:
    """A verdict a rule, in their order.

    seeds: of the study. Where some have no value, what the others say is not final: a run that fails must not leave its
    rule to the survivors. broken: label -> reason of the runs that are left out of the scores, which are named.
    arrivals: cell -> what must hold for each of its runs before any claim but a gate's counts them.
    """
    verdicts = [_judge(rule, scores, seeds, {} if rule.gate else arrivals or {}) for rule in rules]
    closed = [verdict for verdict in verdicts if verdict.rule.gate and verdict.word != "passed"]
    if closed:
        reason = f"no verdict, for {closed[0].rule.name} is not passed: {closed[0].reason}"
        verdicts = [
            verdict
            if verdict.rule.gate
            else Verdict(verdict.rule, "no verdict", "no verdict", reason, verdict.findings)
            for verdict in verdicts
        ]
    leanings = {verdict.rule.name: verdict.leaning for verdict in verdicts}
    return [_naming(_with_reading(verdict, leanings), broken or {}) for verdict in verdicts]


def _judge(rule: Rule, scores: Scores, seeds: Sequence[int], arrivals: Mapping[str, Claim]) -> Verdict:
    findings = tuple(_find(claim, scores, seeds, arrivals) for claim in rule.claims)
    if rule.gate:
        return _gate(rule, findings)
    leaning = _leaning([finding.state for finding in findings])
    single = any(finding.measured is not None and not finding.measured.has_interval for finding in findings)
    untested = all(finding.measured is None for finding in findings)
    partial = any(finding.missing and finding.measured is not None for finding in findings)
    word: VerdictWord = "no verdict" if untested else "indicative" if single else "inconclusive" if partial else leaning
    return Verdict(rule, word, "no verdict" if untested else leaning, _reason(word, leaning, findings), findings)


def _naming(verdict: Verdict, broken: Mapping[str, str]) -> Verdict:
    """The verdict, with the broken runs that its claims lack in its reason."""
    claims = [each for claim in verdict.rule.claims for each in (claim, claim.provided) if each is not None]
    cells = {cell for claim in claims for cell in claim.number.cells}
    named = [f"{label} ({reason})" for label, reason in broken.items() if label.rpartition("/")[0] in cells]
    return replace(verdict, reason=f"{verdict.reason}; broken: {', '.join(named)}") if named else verdict


def _find(claim: Claim, scores: Scores, seeds: Sequence[int], arrivals: Mapping[str, Claim]) -> Finding:
    values = claim.number.of(scores)
    if not values:
        return Finding(claim, "not tested", None, tuple(seeds))
    missing = tuple(seed for seed in seeds if seed not in values)
    measured = mean_over_seeds(values)
    needed = [*filter(None, [claim.provided]), *(arrivals[cell] for cell in claim.number.cells if cell in arrivals)]
    for each in needed:
        if unmet := _unmet(each, scores, [*values]):
            return Finding(claim, "undertrained", measured, missing, unmet)
    return Finding(claim, measured.side(claim.least, claim.most), measured, missing)


def _unmet(claim: Claim, scores: Scores, seeds: Sequence[int]) -> str:
    """A claim that does not hold for each seed, with the first for which it does not; "" where it does."""
    values = claim.number.of(scores)
    for seed in seeds:
        if seed not in values:
            return f"{claim} (seed {seed}: unknown)"
        if not claim.least <= values[seed] <= claim.most:
            return f"{claim} (seed {seed}: {values[seed]:.3f})"
    return ""


def _leaning(states: Sequence[ClaimState]) -> VerdictWord:
    if "wrong" in states:
        return "refuted"
    return "supported" if all(state == "right" for state in states) else "inconclusive"


def _reason(word: VerdictWord, leaning: VerdictWord, findings: Sequence[Finding]) -> str:
    """The claims that decide, and those that could not be judged."""
    if word == "no verdict":
        return "not tested"
    decisive: dict[VerdictWord, tuple[Side, str]] = {
        "supported": ("right", "every number holds"),
        "refuted": ("wrong", "against it"),
        "inconclusive": ("open", "open"),
    }
    side, heading = decisive[leaning]
    said = [finding.sentence for finding in findings if finding.state == side] if leaning != "supported" else []
    parts = [f"{heading}: {'; '.join(said)}" if said else ""] if leaning != "supported" else [heading]
    unjudged = [str(finding.claim) for finding in findings if finding.state == "not tested"]
    weak = [finding.sentence for finding in findings if finding.state == "undertrained"]
    parts += [f"not tested: {'; '.join(unjudged)}"] if unjudged else []
    parts += weak
    if leaning == "inconclusive" and not said and (unjudged or weak):
        parts = ["all that was judged holds", *parts]
    missing = sorted({seed for finding in findings if finding.measured is not None for seed in finding.missing})
    prefix = f"one seed, which leans to {leaning}: " if word == "indicative" else ""
    if missing:
        prefix = f"{prefix or f'leans to {leaning}, '}seeds {', '.join(map(str, missing))} missing: "
    return prefix + "; ".join(part for part in parts if part)


def _gate(rule: Rule, findings: tuple[Finding, ...]) -> Verdict:
    """A gate is asked of every run, not of their mean."""
    missing = [finding for finding in findings if finding.measured is None]
    if missing:
        reason = f"not tested: {'; '.join(str(finding.claim) for finding in missing)}"
        return Verdict(rule, "no verdict", "no verdict", reason, findings)
    failures = [
        f"{finding.claim} is not so for seed {seed} ({value:.3f})"
        for finding in findings
        if finding.measured is not None
        for seed, value in finding.measured.values.items()
        if not finding.claim.least <= value <= finding.claim.most
    ]
    if failures:
        reason = f"undertrained or broken: {'; '.join(failures)}"
        return Verdict(rule, "failed", "failed", reason, findings)
    absent = sorted({seed for finding in findings for seed in finding.missing})
    if absent:
        reason = f"not tested for seeds {', '.join(map(str, absent))}"
        return Verdict(rule, "no verdict", "no verdict", reason, findings)
    return Verdict(rule, "passed", "passed", "every run has arrived at its closed form", findings)


def _with_reading(verdict: Verdict, leanings: dict[str, VerdictWord]) -> Verdict:
    """The finding in words, where it leans to being supported and no stronger rule says more."""
    rule = verdict.rule
    if not rule.reads or verdict.leaning != "supported" or leanings.get(rule.weaker_than) == "supported":
        return verdict
    return Verdict(rule, verdict.word, verdict.leaning, verdict.reason, verdict.findings, rule.reads)

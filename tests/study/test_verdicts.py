"""Every verdict of the protocol's rules, on made-up numbers."""

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from gan.study import Study
from gan.study.arrival import arrivals
from gan.study.rules import RunScore, Scores
from gan.study.verdicts import Verdict, judge
from tests.support.studies import made_up

SPREAD = (-0.004, 0.0, 0.004)
GOOD: dict[str, dict[str, float]] = {
    "l1,alpha=0": {"0/sepia_index": 0.01, "0/to_median": 1.0, "0/mae_scored": 0.02},
    "l1": {
        "0/sepia_index": 0.98,
        "0/sepia_index_px": 0.97,
        "0/to_median": 1.0,
        "0/to_mean": 5.3,
        "0/mae_scored": 0.195,
    },
    "l1,alpha=0.5": {"0/sepia_index": 0.05, "0/mae_scored": 0.135},
    "l2,alpha=0.5": {"0/sepia_index": 0.48, "0/mae_scored": 0.135},
    "l1_hints": {
        "0/sepia_index": 0.95,
        "3/sepia_index": 0.06,
        "0/mae_scored": 0.194,
        "1/mae_scored": 0.131,
        "2/mae_scored": 0.070,
        "3/mae_scored": 0.010,
    },
    "l1_lines": {
        "0/sepia_index": 0.99,
        "3/sepia_index": 0.01,
        "0/mae_scored": 0.195,
        "1/mae_scored": 0.130,
        "2/mae_scored": 0.066,
        "3/mae_scored": 0.002,
    },
    "pix2pix": {"0/sepia_index": 0.30, "0/sepia_index_px": 0.20, "0/mae_scored": 0.25},
}
CLOSED = {"l1,alpha=0.5": 0.1284, "l2,alpha=0.5": 0.1284, "l1_hints": 0.1935, "l1_lines": 0.1935}
"""Error of the closed form, where a rule asks for it."""


def scores(changes: Mapping[str, Mapping[str, float]] | None = None, seeds: int = 3) -> Scores:
    """Scores on which every rule holds, with some numbers changed; a little apart from seed to seed."""
    found: dict[str, dict[int, RunScore]] = {}
    for cell, numbers in GOOD.items():
        changed = numbers | dict((changes or {}).get(cell, {}))
        found[cell] = {
            seed: made_up(
                {name: value + SPREAD[seed] for name, value in changed.items()},
                {"mae_scored": CLOSED.get(cell, 0.19)},
            )
            for seed in range(seeds)
        }
    return found


Judge = Callable[[Scores], dict[str, Verdict]]


@pytest.fixture
def verdicts(sepia: Study) -> Judge:
    gate = arrivals(cell.experiment for cell in sepia.cells)
    return lambda given: {
        verdict.rule.name: verdict for verdict in judge(sepia.rules, given, [*given["l1"]], arrivals=gate)
    }


def words(found: Mapping[str, Verdict]) -> dict[str, str]:
    return {name: verdict.word for name, verdict in found.items()}


def test_rules_speak_of_cells_that_there_are(sepia: Study) -> None:
    """A name that is mistyped would read as not tested."""
    there = {cell.name for cell in sepia.cells}
    for rule in sepia.rules:
        for claim in rule.claims:
            needed = set(claim.number.cells) | set(claim.provided.number.cells if claim.provided else ())
            assert needed <= there, rule.name


def test_everything_holds(verdicts: Judge) -> None:
    found = verdicts(scores())
    assert words(found) == {
        "H0": "passed",
        "H1": "supported",
        "H2": "supported",
        "H2 on l1_lines": "supported",
        "H3": "supported",
        "H3b": "supported",
    }
    assert found["H3"].reads == "colour restored"
    assert found["H3b"].reads == ""  # the stronger rule says more


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"l1,alpha=0": {"0/sepia_index": 0.2}}, "sepia index of l1,alpha=0 <= 0.1 is not so"),
        ({"l1,alpha=0": {"0/sepia_index": -0.2}}, "is not so for seed 0 (-0.204)"),
        ({"l1,alpha=0": {"0/to_median": 3.5}}, "dE00 to L1 optimum of l1,alpha=0 <= 3 is not so"),
    ],
)
def test_where_the_gate_fails_there_is_no_verdict(
    verdicts: Judge, changes: dict[str, dict[str, float]], said: str
) -> None:
    found = verdicts(scores(changes))
    assert words(found) == {"H0": "failed"} | dict.fromkeys(("H1", "H2", "H2 on l1_lines", "H3", "H3b"), "no verdict")
    assert said in found["H0"].reason
    assert "undertrained or broken" in found["H3"].reason


def test_the_gate_is_asked_of_every_seed(verdicts: Judge) -> None:
    """Their mean and even its interval would pass."""
    given = {cell: dict(runs) for cell, runs in scores().items()}
    given["l1,alpha=0"][0] = made_up({"0/sepia_index": 0.11, "0/to_median": 1.0})
    assert verdicts(given)["H0"].word == "failed"


def test_a_gate_that_was_not_run_gives_no_verdict(verdicts: Judge) -> None:
    found = verdicts({cell: runs for cell, runs in scores().items() if cell != "l1,alpha=0"})
    assert set(words(found).values()) == {"no verdict"}
    assert found["H0"].reason.startswith("not tested: ")


@pytest.mark.parametrize(
    ("rule", "cell", "number", "wrong", "open_"),
    [
        ("H1", "l1", "0/sepia_index", 0.70, 0.80),
        ("H1", "l1", "0/to_median", 3.2, 3.0),
        ("H1", "l1", "0/to_mean", 0.5, 1.0),
        ("H1", "l1,alpha=0.5", "0/sepia_index", 0.20, 0.15),
        ("H1", "l2,alpha=0.5", "0/sepia_index", 0.30, 0.377),
        ("H1", "l2,alpha=0.5", "0/sepia_index", 0.65, 0.577),
        ("H2", "l1_hints", "3/sepia_index", 0.15, 0.10),
        ("H2", "l1_hints", "0/sepia_index", 0.60, 0.80),
        ("H2", "l1_hints", "3/mae_scored", 0.12, 0.0515),
        ("H2 on l1_lines", "l1_lines", "3/sepia_index", 0.15, 0.10),
        ("H2 on l1_lines", "l1_lines", "3/mae_scored", 0.06, 0.023),
        ("H3", "pix2pix", "0/sepia_index", 0.90, 0.78),
        ("H3b", "pix2pix", "0/sepia_index_px", 0.90, 0.77),
        ("H3", "pix2pix", "0/mae_scored", 0.15, 0.195),
    ],
)
def test_each_number_can_refute_its_rule_or_leave_it_open(
    verdicts: Judge, rule: str, cell: str, number: str, wrong: float, open_: float
) -> None:
    refuted = verdicts(scores({cell: {number: wrong}}))[rule]
    assert refuted.word == "refuted"
    assert "does not hold" in refuted.reason
    assert refuted.reads == ""
    given = {name: dict(runs) for name, runs in scores({cell: {number: open_}}).items()}
    for seed, shift in enumerate((-0.01, 0.0, 0.01)):  # seeds that differ more than those of the other arms
        row = {
            f"{count}/{name}": value
            for count, metrics in given[cell][seed].curve.items()
            for name, value in metrics.items()
        }
        row[number] = open_ + shift
        given[cell][seed] = made_up(row, {"mae_scored": CLOSED.get(cell, 0.19)})
    assert verdicts(given)[rule].word == "inconclusive"


def test_a_seed_that_failed_leaves_no_verdict_to_the_others(verdicts: Judge) -> None:
    """Two of three seeds of pix2pix, as when the third has diverged; and of the gate."""
    given = {cell: dict(runs) for cell, runs in scores().items()}
    del given["pix2pix"][1]
    found = verdicts(given)
    assert (found["H3"].word, found["H3"].leaning) == ("inconclusive", "supported")
    assert found["H3"].reason == "leans to supported, seeds 1 missing: every number holds"
    assert found["H1"].word == "supported"
    del given["l1,alpha=0"][0]
    found = verdicts(given)
    assert set(words(found).values()) == {"no verdict"}
    assert found["H0"].reason == "not tested for seeds 0"


def test_a_broken_run_is_named_where_it_is_missed(sepia: Study) -> None:
    """In the rule of its cell and in no other; of the gate, whose reason every verdict then gives."""
    given = {cell: dict(runs) for cell, runs in scores().items()}
    del given["pix2pix"][1]
    broken = {"pix2pix/seed-1": "saturated"}
    found = {verdict.rule.name: verdict for verdict in judge(sepia.rules, given, [0, 1, 2], broken=broken)}
    assert found["H3"].reason == (
        "leans to supported, seeds 1 missing: every number holds; broken: pix2pix/seed-1 (saturated)"
    )
    assert "broken" not in found["H1"].reason
    del given["l1,alpha=0"][0]
    broken["l1,alpha=0/seed-0"] = "still"
    found = {verdict.rule.name: verdict for verdict in judge(sepia.rules, given, [0, 1, 2], broken=broken)}
    assert found["H0"].reason == "not tested for seeds 0; broken: l1,alpha=0/seed-0 (still)"
    assert found["H3"].word == "no verdict"
    assert found["H3"].reason.endswith("H0 is not passed: not tested for seeds 0; broken: pix2pix/seed-1 (saturated)")


def test_an_error_far_below_the_closed_form_is_not_judged_either(verdicts: Judge) -> None:
    """No network beats its closed form: the lines leak colour, or the metric is wrong."""
    found = verdicts(scores({"l1,alpha=0.5": {"0/sepia_index": 0.05, "0/mae_scored": 0.05}}))["H1"]
    assert found.word == "inconclusive"


def test_vivid_but_incoherent(verdicts: Judge) -> None:
    """Only by pixel: mottled regions, whose means are sepia."""
    found = verdicts(scores({"pix2pix": {"0/sepia_index": 0.90}}))
    assert (found["H3"].word, found["H3b"].word) == ("refuted", "supported")
    assert (found["H3"].reads, found["H3b"].reads) == ("", "vivid but incoherent")


def test_half_a_dose_is_judged_only_where_it_has_converged(verdicts: Judge) -> None:
    undertrained = {"0/sepia_index": 0.30, "0/mae_scored": 0.1284 * 1.15}
    found = verdicts(scores({"l1,alpha=0.5": undertrained}))["H1"]
    assert found.word == "inconclusive"  # and not refuted
    assert "undertrained, not judged" in found.reason
    assert [finding.state for finding in found.findings].count("undertrained") == 1


DEAD = {"0/sepia_index": 1.0, "0/sepia_index_px": 1.0, "0/to_median": 60.0, "0/to_mean": 60.0, "0/mae_scored": 0.42}
"""Pure red whatever the drawing is: what a rate of 10 leaves of an L1 network."""


@pytest.mark.parametrize(
    ("cell", "rules"), [("l1", {"H1", "H3", "H3b"}), ("l1_hints", {"H2"}), ("l1_lines", {"H2 on l1_lines"})]
)
def test_a_dead_network_is_no_evidence(verdicts: Judge, cell: str, rules: set[str]) -> None:
    """Neither for a rule (its sepia index is 1) nor against it, whichever arm it is; its error is named."""
    given = {name: dict(runs) for name, runs in scores().items()}
    dead = DEAD | {f"{count}/{metric}": 0.42 for count in (1, 2, 3) for metric in ("mae_scored", "sepia_index")}
    given[cell][1] = made_up(dead, {"mae_scored": CLOSED.get(cell, 0.19)})
    found = verdicts(given)
    for name, verdict in found.items():
        assert verdict.word == ("inconclusive" if name in rules else "passed" if name == "H0" else "supported"), name
    for name in rules:
        states = {finding.state for finding in found[name].findings if cell in finding.claim.number.cells}
        assert states == {"undertrained"}
        assert f"error of the L1 optimum for {cell} <= 1.1 (seed 1: " in found[name].reason


def test_a_cell_that_is_left_out_is_not_tested(verdicts: Judge) -> None:
    found = verdicts({cell: runs for cell, runs in scores().items() if "alpha=0.5" not in cell})["H1"]
    assert found.word == "inconclusive"
    assert found.reason.startswith("all that was judged holds; not tested: sepia index of l1,alpha=0.5 <= 0.15")


def test_one_seed_is_indicative_and_never_supported(verdicts: Judge) -> None:
    found = verdicts(scores(seeds=1))
    assert words(found) == {"H0": "passed"} | dict.fromkeys(("H1", "H2", "H2 on l1_lines", "H3", "H3b"), "indicative")
    assert {verdict.leaning for name, verdict in found.items() if name != "H0"} == {"supported"}
    against = verdicts(scores({"l1": {"0/sepia_index": 0.5}}, seeds=1))["H1"]
    assert (against.word, against.leaning) == ("indicative", "refuted")
    assert against.reason.startswith("one seed, which leans to refuted: against it: ")


@pytest.mark.slow
def test_a_null_is_seldom_supported(verdicts: Judge) -> None:
    """600 studies in which pix2pix is exactly .20 below l1, the bound of H3."""
    rng = np.random.default_rng(0)
    base = {cell: dict(runs) for cell, runs in scores().items()}
    supported = 0
    for _ in range(600):
        for seed, noise in enumerate(rng.normal(0, 0.05, 3)):
            l1 = base["l1"][seed].curve[0]["sepia_index"]
            row = {"0/sepia_index": l1 - 0.20 + noise, "0/sepia_index_px": 0.2, "0/mae_scored": 0.25}
            base["pix2pix"][seed] = made_up(row)
        supported += verdicts(base)["H3"].word == "supported"
    assert supported / 600 == pytest.approx(0.025, abs=0.02)

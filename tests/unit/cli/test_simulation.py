"""Made-up people from the command line."""

from tests.unit.cli.conftest import Terminal
from tests.unit.cli.test_workflows import GOOD, GUARDED

ARGUMENTS = ("workflows", "simulate", "--people", "100", "--seed", "7", "--json")
IMPOSSIBLE = GOOD.replace(
    "    next:\n",
    "    rules:\n"
    "      - {assert: name == 'Rumpelstiltskin', field: name, code: wrong, message: Guess again.}\n"
    "    next:\n",
)
RARE = GUARDED.replace("WHERE", "done")


def test_a_hundred_people_pass_every_step_and_transition_of_every_shipped_journey(
    terminal: Terminal,
) -> None:
    printed = terminal.run(*ARGUMENTS)
    assert printed.exit_code == 0
    assert {report["workflow"] for report in printed.json} == {
        *("buyer_financing", "buying", "entry", "selling", "vehicle_discovery")
    }
    for report in printed.json:
        assert report["never"] == []
        assert (report["dead_ends"], report["errors"]) == ([], [])
        assert sum(report["endings"].values()) == 100


def test_the_same_seed_gives_the_same_report_and_another_one_another(terminal: Terminal) -> None:
    first = terminal.run(*ARGUMENTS, "selling").out
    assert terminal.run(*ARGUMENTS, "selling").out == first
    assert terminal.run(*ARGUMENTS, "selling", "--seed", "8").out != first


def test_simulating_touches_nothing_of_the_installation(terminal: Terminal) -> None:
    terminal.run(*ARGUMENTS, "buying")
    assert list(terminal.folder.iterdir()) == []


def test_the_report_reads_well(terminal: Terminal) -> None:
    printed = terminal.run("workflows", "simulate", "buying", "--people", "10")
    assert printed.out.startswith("buying: 10 people, seed 1\n")
    assert "reached an ending   10 (buying_complete 10)" in printed.out


def test_a_step_that_lets_nobody_pass_is_a_dead_end(terminal: Terminal) -> None:
    (terminal.journeys() / "hello.yaml").write_text(IMPOSSIBLE)
    printed = terminal.run("workflows", "simulate", "hello", "--people", "3")
    assert printed.exit_code == 1
    assert "dead end            ask: name: Guess again. (3 people, first number 0)" in printed.out
    assert "never passed        hello.done" in printed.out


def test_what_nobody_passed_is_named_but_no_fault(terminal: Terminal) -> None:
    (terminal.journeys() / "hello.yaml").write_text(RARE)
    printed = terminal.run("workflows", "simulate", "hello", "--people", "3")
    assert printed.exit_code == 0
    assert "never passed        hello.ask → done when answers.ask.name == 'X'" in printed.out


def test_an_unknown_workflow_is_refused(terminal: Terminal) -> None:
    printed = terminal.run("workflows", "simulate", "helo")
    assert (printed.exit_code, "helo" in printed.err) == (1, True)

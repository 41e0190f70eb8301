"""A workflow can be drawn: every step a node of its kind's shape, every way an arrow."""

from ruamel.yaml import YAML

from tests.unit.engine.checker.definitions import PACKAGE, STAY
from trex_app.engine.assembly import assemble
from trex_app.engine.graph import mermaid

TEXTS = {"stay": STAY, "package": PACKAGE}
WORKFLOWS = assemble({name: YAML(typ="safe", pure=True).load(text) for name, text in TEXTS.items()})


def test_every_step_and_every_way_is_drawn() -> None:
    assert mermaid(WORKFLOWS["stay"]).splitlines() == [
        "flowchart TD",
        "  start((start)) --> step_dates",
        '  step_dates["dates<br/>When do you come?"]:::screen',
        '  step_long_stay["long_stay<br/>A long stay"]:::screen',
        '  step_search[/"search<br/>rooms.search"/]:::lookup',
        '  step_choice["choice<br/>Which room?"]:::screen',
        '  step_booking[["booking<br/>rooms.book"]]:::effect',
        '  step_booked(["booked<br/>Booked"]):::end_',
        '  step_dates -->|"answers.dates.nights #gt; 30"| step_long_stay',
        "  step_dates --> step_search",
        "  step_long_stay --> step_search",
        "  step_search --> step_choice",
        "  step_choice --> step_booking",
        "  step_booking --> step_booked",
    ]


def test_a_call_names_what_it_calls() -> None:
    assert '  step_room{{"room<br/>↻ stay"}}:::call' in mermaid(WORKFLOWS["package"]).splitlines()


def test_quotes_and_angle_brackets_cannot_break_the_diagram() -> None:
    source = YAML(typ="safe", pure=True).load(STAY)
    source["steps"]["dates"]["title"] = 'a "b" <c> #d;'
    drawn = mermaid(assemble({"stay": source})["stay"])
    assert "a #quot;b#quot; #lt;c#gt; #35;d;" in drawn

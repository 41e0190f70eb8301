"""A small sound definition to break in one place at a time, and the check of what comes of it."""

import textwrap

from trex_app.engine.checker import CapabilityNames, check
from trex_app.engine.source import Problem, RawDefinition, read_definition

CAPABILITIES = CapabilityNames(
    lookups=frozenset({"rooms.search", "rooms.count"}),
    effects=frozenset({"rooms.book"}),
    providers=frozenset({"rooms.get", "journey.summary"}),
    ports=frozenset({"rooms"}),
)

STAY = """\
id: stay
title: Book a room
inputs: {guest: {type: string}}
outputs: {room: answers.choice.room}
start: dates
steps:
  dates:
    component: Dates
    title: When do you come?
    fields:
      nights: {type: integer, title: Nights, minimum: 1, required: true}
      guests: {type: integer, title: Guests}
      is_flexible: {type: boolean, title: Flexible}
      note: {type: string, title: Note}
    rules:
      - {assert: "guests == null || guests < 9", field: guests, code: many, message: Call us.}
    next:
      - {when: answers.dates.nights > 30, to: long_stay}
      - {to: search}
  long_stay:
    component: LongStay
    title: A long stay
    fields: {wants_kitchen: {type: boolean, title: With a kitchen}}
    next: [{to: search}]
  search:
    lookup: rooms.search
    input: {nights: answers.dates.nights}
    next: [{to: choice}]
  choice:
    component: Choice
    title: Which room?
    fields: {room: {type: string, title: Room, exists: rooms, required: true}}
    data: [{as: rooms, value: results.search}]
    lookups: [rooms.count]
    links: [{to: dates, title: Other dates}]
    next: [{to: booking}]
  booking:
    effect: rooms.book
    title: Your booking
    input: {room: answers.choice.room}
    next: [{to: booked}]
  booked: {end: booked, component: Booked, title: Booked}
"""

PACKAGE = """\
id: package
title: A stay and a tour
start: room
steps:
  room:
    call: stay
    input: {guest: "'me'"}
    next: [{to: tour}]
  tour:
    component: Tour
    title: Which tour?
    fields: {tour: {type: string, title: Tour}}
    next: [{to: done}]
  done: {end: done, component: Done, title: Done}
"""


def raw(text: str) -> RawDefinition:
    """A definition from its text; the file is named after its id."""
    name = text.split("id: ", 1)[1].split("\n", 1)[0]
    definition, problems = read_definition(textwrap.dedent(text), f"{name}.yaml")
    assert definition is not None, problems
    return definition


def problems_of(*texts: str) -> list[Problem]:
    definitions = [raw(text) for text in texts]
    return check({definition.id: definition for definition in definitions}, CAPABILITIES)


def stay_with(old: str, new: str) -> list[Problem]:
    """The problems of the sound definition with one passage replaced."""
    assert STAY.count(old) == 1, f"{old!r} must stand there once"
    return problems_of(STAY.replace(old, new))


def line_of(passage: str, text: str = STAY) -> int:
    return text[: text.index(passage)].count("\n") + 1

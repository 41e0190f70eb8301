"""What the pages draw: a step as plain values, made by the backend and drawn without a decision."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class FactView:
    """One labelled text, such as `Mileage` and `31,400 km`."""

    label: str = ""
    value: str = ""
    name: str = ""


@dataclass
class OptionView:
    """One choice of a field; `facts` say more about a thing, `reasons` why it is offered."""

    value: str = ""
    title: str = ""
    is_chosen: bool = False
    facts: list[FactView] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass
class FieldView:
    """One control: what draws it (`control`), what stands beside it, and what it starts with.

    `control` is one of `ui.state.fields.CONTROLS`; a short one may share its line with another.
    A field that has things offers each choice with facts of its own. `choices` are the given
    values of a ranked field, one a rank, empty where none was given; `ranking` are its options in
    that order, the others behind. A secret one is a credit-class value. `data_type` and `item_type`
    are the JSON types that an answer has on the wire.
    """

    name: str = ""
    control: str = "text"
    title: str = ""
    help: str = ""
    placeholder: str = ""
    prefix: str = ""
    value: str = ""
    note: str = ""
    is_required: bool = False
    is_short: bool = False
    has_things: bool = False
    is_list: bool = False
    is_secret: bool = False
    options: list[OptionView] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    ranking: list[OptionView] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    autocomplete: str = ""
    data_type: str = "string"
    item_type: str = "string"


@dataclass
class LinkView:
    """A way to an earlier step."""

    step: str = ""
    title: str = ""


@dataclass
class SummaryLine:
    """One answer given before, with the step to change it on."""

    label: str = ""
    value: str = ""
    step: str = ""


@dataclass
class PanelView:
    """Things a step shows and does not ask: the vehicle in full, the dealers chosen."""

    title: str = ""
    facts: list[FactView] = field(default_factory=list)


@dataclass
class BarView:
    """How well a thing does in one respect: 0 to 100, and the same in words."""

    label: str = ""
    value: int = 0
    text: str = ""


@dataclass
class VehicleView:
    """One vehicle as a card or a page tells of it; every text is ready to be read.

    `body_type` and `colour` are the data's own words, which choose the drawing. `key_facts` are
    what a card has room for, `facts` is everything. A suggested vehicle has a score, the bars it
    is made of, and reasons.
    """

    vehicle_id: str = ""
    title: str = ""
    edition: str = ""
    body_type: str = ""
    colour: str = ""
    image_url: str = ""
    seats: int = 0
    price: str = ""
    key_facts: list[FactView] = field(default_factory=list)
    facts: list[FactView] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    dealer: str = ""
    distance: str = ""
    badge: str = ""
    score: int = 0
    score_text: str = ""
    bars: list[BarView] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass
class ListingView:
    """Vehicles to choose from, and what has to be said of them.

    `key` names the search they came from. Where nothing fits they are the nearest, and `notes`
    say what was set aside. `numbers` are the pages to offer, `criteria` what was asked for.
    """

    key: str = ""
    vehicles: list[VehicleView] = field(default_factory=list)
    headline: str = ""
    notes: list[str] = field(default_factory=list)
    criteria: list[str] = field(default_factory=list)
    is_nearest: bool = False
    is_empty: bool = False
    page: int = 1
    pages: int = 1
    numbers: list[int] = field(default_factory=list)
    sort: str = ""
    sorts: list[OptionView] = field(default_factory=list)


@dataclass
class ReferenceView:
    """What was sent, by its reference; `status_link` leads anybody to where it stands."""

    reference: str = ""
    journey: str = ""
    status_link: str = ""


@dataclass
class DealerView:
    """One dealer as a card and as a pin: `spot` is its place on the map, as SVG's transform."""

    value: str = ""
    title: str = ""
    is_chosen: bool = False
    number: int = 0
    town: str = ""
    distance: str = ""
    makes: str = ""
    spot: str = ""


@dataclass
class RingView:
    """A circle of the map and where its label stands, in units of the drawing."""

    radius: int = 0
    label: str = ""
    x: int = 0
    y: int = 0


@dataclass
class DealersView:
    """Dealers to choose from, with a map where their place is known; `note` says of what."""

    dealers: list[DealerView] = field(default_factory=list)
    rings: list[RingView] = field(default_factory=list)
    note: str = ""
    has_map: bool = False


@dataclass
class StepView:
    """One step of a journey. An empty `step_id` means that none is known yet.

    A sealed one is shown and not asked: `summary` are its answers, `sealed_note` says why, and
    `next_step` is the id of the one to go on to.

    `form_key` changes exactly when the controls must start anew with other values. A step that
    asks one thing says in its title what it asks.
    """

    step_id: str = ""
    locale: str = ""
    component: str = ""
    title: str = ""
    intro: str = ""
    revision: int = 0
    form_key: str = ""
    fields: list[FieldView] = field(default_factory=list)
    links: list[LinkView] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    note: str = ""
    summary: list[SummaryLine] = field(default_factory=list)
    panels: list[PanelView] = field(default_factory=list)
    listing: ListingView = field(default_factory=ListingView)
    vehicle: VehicleView = field(default_factory=VehicleView)
    references: list[ReferenceView] = field(default_factory=list)
    next_steps: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    dealers: DealersView = field(default_factory=DealersView)
    ui: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    path: list[LinkView] = field(default_factory=list)
    submit_title: str = ""
    can_go_back: bool = False
    is_wide: bool = False
    asks_one_thing: bool = False
    is_end: bool = False
    is_completed: bool = False
    is_sealed: bool = False
    sealed_note: str = ""
    next_step: str = ""
    steps_done: int = 0
    steps_expected: int = 0


@dataclass
class ProblemView:
    """One thing to mend: its field, and what to do there."""

    name: str = ""
    message: str = ""

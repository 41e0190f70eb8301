"""What a frame and the page around it say to each other, and what the event bus carries.

The types that hosts program against are made from these models (trex_app/embed/declarations.py), so
a member that is not here does not exist. What a person answered has its place in `Completed` alone,
for tenants whose record allows it.
"""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

VERSION: Final = 1
"""Of the envelope and of what is in it. The loader at /embed/v1/ speaks this one."""


class Said(BaseModel):
    """What stands in a message; members are written in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Progress(Said):
    """How far along a journey is."""

    done: int = Field(description="Steps answered.")
    expected: int = Field(description="Steps there will be in all, as far as is known.")


class Ready(Said):
    """The step can be answered."""

    step: str = Field(description="Its id.")
    title: str = Field(description="The journey's, in the language of the frame.")
    release: str = Field(description="The release of the frame.")


class Resize(Said):
    """The content has another height."""

    height: float = Field(description="In CSS pixels.")


class StepChanged(Said):
    """Another step is on display, or the same one at another revision."""

    step: str = Field(description="Its id.")
    title: str = Field(description="Its heading, in the language of the frame.")
    progress: Progress
    is_move: bool = Field(description="Whether another step was on display before.")


class BeforeSubmit(Said):
    """A step is about to be sent. `preventDefault()` holds it back."""

    step: str = Field(description="Its id.")


class Completed(Said):
    """The journey has come to its end."""

    reference: str = Field(description="What was sent, by the reference a person can quote.")
    answers: Mapping[str, Mapping[str, object]] | None = Field(
        default=None,
        description="By step and field, without steps that ask for credit data; where allowed.",
    )


class Failed(Said):
    """Something went wrong. After one that is final the element shows what stands in it."""

    code: str = Field(description="For programs; `timeout` where nothing appeared in time.")
    message: str | None = Field(default=None, description="For the people who run the page.")
    is_final: bool | None = None


class Offline(Said):
    """The connection to the server went away, or came back."""

    is_offline: bool


class VersionMismatch(Said):
    """Frame and loader, or frame and server, are of different releases. Nothing is loaded anew."""

    frame: str = Field(description="What the frame is of.")
    loader: str | None = Field(default=None, description="What the loader is of, if it differs.")
    server: str | None = Field(default=None, description="What the server is of, if it differs.")


class Unmounted(Said):
    """The frame is gone."""


class Bus(Said):
    """A microfrontend has said something on the event bus."""

    type: str
    data: object = None


EVENTS: Final[Mapping[str, type[Said]]] = {
    "ready": Ready,
    "resize": Resize,
    "step-changed": StepChanged,
    "before-submit": BeforeSubmit,
    "completed": Completed,
    "error": Failed,
    "offline": Offline,
    "version-mismatch": VersionMismatch,
    "unmounted": Unmounted,
    "bus": Bus,
}
"""What the host's page hears as `trex:<type>`, by its type."""


class Envelope(Said):
    """What stands around every message and every event's `detail`."""

    v: Literal[1] = VERSION
    id: str | None = Field(
        default=None, description="Of this message; none where no frame said it."
    )
    instance: str | None = Field(default=None, description="Of the widget, as its frame knows it.")
    workflow: str = Field(description="The journey's id.")
    type: str
    rev: int = Field(description="How often the journey's session has changed.")
    ts: int = Field(description="Milliseconds since 1970, by the clock of the browser.")
    correlation_id: str | None = Field(default=None, description="Of one loading of the frame.")


class Attributes(Said):
    """What can be written on the element."""

    tenant: str = Field(description="Whose page it is.")
    workflow: str | None = Field(default=None, description="Which journey; else the tenant's own.")
    session_key: str | None = Field(
        default=None, description="Tells two of the same journey apart."
    )
    locale: str | None = Field(default=None, description="The language; else that of the page.")
    theme: Literal["auto", "light", "dark"] | None = Field(
        default=None, description="How it looks; else as the page does."
    )
    loading: Literal["eager", "visible", "idle"] | None = Field(
        default=None, description="When its frame is loaded."
    )


class CartUpdated(Said):
    """What a cart holds now."""

    item_count: int
    total: float


class CartItemAdded(Said):
    """A product went into a cart."""

    product_id: str
    quantity: int


class CartItemRemoved(Said):
    """A product was taken out of a cart."""

    product_id: str


class LoggedIn(Said):
    """Somebody has signed in to the host's site: by an id that means nothing elsewhere."""

    user_id: str


class Nothing(Said):
    """An event that says all by its type."""


class Product(Said):
    """Something was done with a product: here, with a vehicle."""

    product_id: str


class OrderCreated(Said):
    """A request was sent; the bus hears it from a frame whose journey is completed."""

    order_id: str = Field(description="The reference of the request.")
    total: float | None = None


class OrderStatusChanged(Said):
    """A request stands elsewhere now."""

    order_id: str
    status: str


class NavigationChange(Said):
    """Somebody moved; from a frame: to a step, by journey and step."""

    path: str


class ThemeChanged(Said):
    """The page changed between light and dark; frames follow by themselves."""

    theme: Literal["light", "dark"]


APP_EVENTS: Final[Mapping[str, type[Said]]] = {
    "cart:updated": CartUpdated,
    "cart:item-added": CartItemAdded,
    "cart:item-removed": CartItemRemoved,
    "auth:login": LoggedIn,
    "auth:logout": Nothing,
    # That there is a new token, never the token: every tab and frame of the site hears this.
    "auth:token-refreshed": Nothing,
    "product:viewed": Product,
    "product:created": Product,
    "product:updated": Product,
    "product:deleted": Product,
    "order:created": OrderCreated,
    "order:status-changed": OrderStatusChanged,
    "navigation:change": NavigationChange,
    "theme:changed": ThemeChanged,
}
"""What microfrontends say on the event bus, by type. A site may add types of its own."""

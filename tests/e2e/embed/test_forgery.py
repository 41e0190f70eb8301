"""What nobody of ours has said counts for nothing on either side of the frame, and is counted."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame, Page, WebSocket, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, running_host, widget
from tests.e2e.embed.stage import READY_MS, Widget

SECOND = "vehicle_search"
# Lets a test speak through the frame's own end of the channel.
TAPPED = """
if (parent !== self) {
  const send = MessagePort.prototype.postMessage;
  MessagePort.prototype.postMessage = function (...said) {
    if (said[0]?.correlationId) window.tapped = this; // others send messages to themselves
    return send.apply(this, said);
  };
}
"""
MALFORMED = [
    *("null", "'ready'", "7", "[]", "{}", "{ v: 1 }"),
    *("{ v: 1, type: 'ready' }", "{ v: 1, type: 'ready', data: 'x' }"),
    *("{ v: 2, type: 'ready', data: {} }", "{ v: '1', type: 'ready', data: {} }"),
    *("{ v: 1, type: 'eval', data: {} }", "{ v: 1, type: 'constructor', data: {} }"),
    *("{ v: 1, type: ['resize'], data: {} }", "{ v: 1, type: ['theme'], data: { names: [] } }"),
    *("{ v: 1, type: {}, data: {} }", "{ v: 1, data: {} }", "{ v: 1, type: 'ready ', data: {} }"),
    *("{ v: 1, type: 'theme', data: {} }", "{ v: 1, type: 'theme', data: { names: 5 } }"),
    *("{ v: 1, id: 1, type: ['resize'], data: {} }", "{ v: 1, id: 1, type: {}, data: {} }"),
    *(
        "{ v: 1, id: 1, data: {} }",
        "{ v: 1, id: 1, type: 'ready' }",
        "{ id: 1, type: 'ready', data: {} }",
    ),
    # What is not marked as an event is none, whatever it is called.
    *("{ v: 1, type: 'ready', data: {} }", "{ v: 1, id: '', type: 'ready', data: {} }"),
]
INTO_FRAMES = [
    *("null", "'theme'", "7", "[]", "{}", "{ v: 1 }"),
    *("{ v: 1, type: 'theme' }", "{ v: 1, type: 'theme', data: null }"),
    *("{ v: 2, type: 'theme', data: {} }", "{ v: 1, type: 'eval', data: {} }"),
    *("{ v: 1, type: 'constructor', data: {} }", "{ v: 1, type: '__proto__', data: {} }"),
    "{ v: 1, type: ['theme'], data: { theme: 'dark' } }",
    # Members of what is known, each of another kind than it is taken for.
    *(
        "{ v: 1, type: 'theme', data: { theme: 7 } }",
        "{ v: 1, type: 'theme', data: { room: '9' } }",
    ),
    *(
        "{ v: 1, type: 'theme', data: { room: NaN } }",
        "{ v: 1, type: 'theme', data: { colour: {} } }",
    ),
    "{ v: 1, type: 'theme', data: { theme: 'dark', tokens: 'accent' } }",
    "{ v: 1, type: 'theme', data: { theme: 'dark', tokens: [['accent', 1]] } }",
    "{ v: 1, type: 'theme', data: { theme: 'dark', tokens: [['accent', '#000'], ['warm']] } }",
    "{ v: 1, type: 'theme', data: { tokens: [['accent', { trim: 1 }]] } }",
    *(
        "{ v: 1, type: 'ticket', data: { ticket: 7 } }",
        "{ v: 1, type: 'ticket', data: { ticket: {} } }",
    ),
    *(
        "{ v: 1, type: 'ticket', data: { theme: 'x' } }",
        "{ v: 1, type: 'ticket', data: { theme: [] } }",
    ),
    "{ v: 1, type: 'ticket', data: { theme: { accent: 7 } } }",
    "{ v: 1, type: 'ticket', data: { status: '403' } }",
    *(
        "{ v: 1, type: 'answer', data: { id: 1, allow: true } }",
        "{ v: 1, type: 'answer', data: {} }",
    ),
    "{ v: 1, type: 'answer', data: { id: 'x', allow: 'yes' } }",
    *("{ v: 1, type: 'navigate', data: {} }", "{ v: 1, type: 'navigate', data: { step: ['x'] } }"),
    *("{ v: 1, type: 'bus', data: {} }", "{ v: 1, type: 'bus', data: { type: {}, data: 1 } }"),
]
# A page that speaks the protocol by hand, first wrongly, and then rightly.
BY_HAND = """
<iframe id="framed" name="trex 1,2,3,4 acme/buying/" src="{app}/embed/frame/buying?tenant=acme"
  style="width: 100%; height: 600px"></iframe>
<script>
  const heardOf = [];
  addEventListener("message", ({{ data, source }}) => {{
    if (source !== framed.contentWindow) return;
    heardOf.push(data);
    const say = (said, ...ports) => source.postMessage(said, "{app}", ports);
    say({{ trex: 1, nonce: "4,3,2,1" }}, new MessageChannel().port2);
    say({{ trex: 1 }}, new MessageChannel().port2);
    say({{ trex: 1, nonce: data.nonce }});
    say({{ hello: 1 }});
    window.channel = new MessageChannel();
    channel.port1.onmessage = (event) => heardOf.push(event.data);
    say({{ trex: 1, nonce: data.nonce, release: "by hand" }}, channel.port2);
    say({{ trex: 1, nonce: data.nonce }}, new MessageChannel().port2);
  }}, {{ once: true }});
</script>
"""
FORGE_TICKETS = """
() => {
  const data = { ticket: "forged" };
  const forge = () => channel.port1.postMessage({ v: 1, type: "ticket", data });
  channel.port1.addEventListener("message", ({ data }) => data.type === "ticket" && forge());
  forge();
}
"""
# What stands in a frame after it was led elsewhere: it knows all that the frame knew.
IMPOSTOR = """
<!doctype html><title>Impostor</title>
<script>
  const nonce = name.split(" ")[1];
  for (const type of ["hello", "welcome"]) parent.postMessage({ trex: 1, type, nonce }, "*");
  window.answers = [];
  onmessage = ({ data }) => answers.push(data);
</script>
"""
# What stands beside the frame, from yet another origin.
NEIGHBOUR = """
<!doctype html><title>Neighbour</title>
<script>
  for (const nonce of ["", "1", null, "1,2,3,4"])
    parent.postMessage({ trex: 1, type: "hello", nonce }, "*");
</script>
"""


@pytest.fixture
def evil() -> Iterator[Host]:
    """A site that means no good."""
    with running_host() as host:
        yield host


@pytest.fixture
def failures(page: Page) -> list[str]:
    """Errors that no script of the page or its frames has caught."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def walks_on(shown: Widget) -> None:
    """The journey is none the worse for it."""
    shown.answer(knows_vehicle="true")
    shown.shows(SECOND)


def test_what_a_neighbour_says_is_counted_and_changes_nothing(
    page: Page, app: RunningApp, host: Host, evil: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    address = evil.put("/neighbour.html", NEIGHBOUR)
    page.evaluate(
        "address => document.body.append(Object.assign(document.createElement('iframe'),"
        " { src: address }))",
        address,
    )
    page.wait_for_function("widget.stats.ignored === 4")
    walks_on(shown)
    assert page.evaluate("widget.stats.ignored") == 4


def test_a_frame_that_was_led_to_another_site_is_not_believed(
    page: Page, app: RunningApp, host: Host, evil: Host
) -> None:
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    before = len(page.evaluate("heard"))
    shown.frame.evaluate("to => { location.href = to }", evil.put("/impostor.html", IMPOSTOR))
    page.wait_for_function("widget.stats.ignored >= 2")
    assert len(page.evaluate("heard")) == before
    impostor = next(frame for frame in page.frames if frame.url.startswith(evil.address))
    assert impostor.evaluate("answers") == []


def test_malformed_messages_of_a_frame_are_counted(
    page: Page, app: RunningApp, host: Host, failures: list[str]
) -> None:
    page.add_init_script(TAPPED)
    page.goto(host.page(app.address, widget(app.address)))
    shown = Widget(page).until_ready()
    heard_before = page.evaluate("heard.length")
    said = ", ".join(MALFORMED)
    shown.frame.evaluate(f"() => {{ for (const said of [{said}]) tapped.postMessage(said) }}")
    expect_count(page, "widget.stats.ignored", len(MALFORMED))
    assert page.evaluate("heard.length") == heard_before
    assert failures == []
    walks_on(shown)


def test_a_frame_takes_one_welcome_and_only_from_its_page(
    page: Page, app: RunningApp, host: Host, evil: Host, failures: list[str]
) -> None:
    page.goto(host.page(app.address, BY_HAND.format(app=app.address)))
    framed = framed_by_hand(page, app)
    expect_count(framed, "trexFrame.stats.ignored", 3)
    page.wait_for_function("heardOf.some(({ type }) => type === 'version-mismatch')")
    assert page.evaluate("heardOf[0]") == {"trex": 1, "type": "hello", "nonce": "1,2,3,4"}
    said = ", ".join(INTO_FRAMES)
    page.evaluate(f"() => {{ for (const said of [{said}]) channel.port1.postMessage(said) }}")
    expect_count(framed, "trexFrame.stats.ignored", 3 + len(INTO_FRAMES))
    page.evaluate("channel.port1.postMessage({ v: 1, type: 'theme', data: { theme: 'dark' } })")
    expect(framed.locator("html")).to_have_attribute("data-theme", "dark")
    assert failures == []


def test_a_frame_whose_ticket_is_forged_has_no_journey(
    page: Page, app: RunningApp, host: Host
) -> None:
    tried: list[str] = []
    answered: list[str | bytes] = []

    def hear(answer: str | bytes) -> None:
        answered.append(answer)

    def keep(socket: WebSocket) -> None:
        tried.append(socket.url)
        socket.on("framereceived", hear)

    page.on("websocket", keep)
    page.goto(host.page(app.address, BY_HAND.format(app=app.address)))
    framed_by_hand(page, app)
    page.evaluate(FORGE_TICKETS)
    page.wait_for_function("heardOf.filter(({ type }) => type === 'ticket').length > 1")
    page.wait_for_function(
        "heardOf.some(({ type, data }) => type === 'error' && data.code === 'socket_refused')",
        timeout=READY_MS,
    )
    assert tried
    assert answered == []


def framed_by_hand(page: Page, app: RunningApp) -> Frame:
    """The frame of a page that speaks the protocol itself."""
    page.wait_for_function("window.channel", timeout=READY_MS)
    return next(frame for frame in page.frames if frame.url.startswith(app.address))


def expect_count(where: Page | Frame, counter: str, wanted: int) -> None:
    """A counter comes to a number and stays there: nothing is counted twice.

    It is asked from here, for our pages let no script make another one, not even a test's.
    """
    deadline = time.monotonic() + READY_MS / 1000
    while where.evaluate(counter) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert where.evaluate(counter) == wanted

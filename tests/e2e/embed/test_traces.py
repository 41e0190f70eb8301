"""A widget leaves no trace: nothing of the page changes for it, and nothing is left of it.

Its sockets are counted in test_sockets.py.
"""

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host, widget
from tests.e2e.embed.stage import Widget, wait_until_alone

CYCLES = 20
WARM_UP = 3  # what a page keeps of a first time, such as its compiled code
GROWTH_MAX = 8 * 1024  # bytes of one cycle: a leaked element with its closures holds more

# A place whose size does not depend on what stands in it: any other difference is the widget's.
PLACE = """
<form><label>City <input id="city" value="Austin"></label></form>
<ul><li>One</li><li>Two</li></ul>
<div id="place" style="height: 700px; overflow: hidden"></div>
"""
SIGHT = """
() => [...document.querySelectorAll("*")]
  .filter((node) => !node.closest("trex-workflow"))
  .map((node) => {
    const styles = ["", "::before", "::after"].map((part) =>
      Array.from(getComputedStyle(node, part || null), (name, at, all) =>
        name + ":" + getComputedStyle(node, part || null).getPropertyValue(name)).join(";"));
    const box = JSON.stringify(node.getBoundingClientRect());
    return [node.localName, node.attributes.length, styles, box];
  })
"""
# What every script of the page relies on. Functions are compared by their source: ours would show.
INSTRUMENTS = """
() => {
  const owners = {
    window, document, history, navigator, console,
    EventTarget: EventTarget.prototype, Node: Node.prototype, Element: Element.prototype,
    HTMLElement: HTMLElement.prototype, Storage: Storage.prototype, Promise: Promise.prototype,
    Array: Array.prototype, Object: Object.prototype, XMLHttpRequest: XMLHttpRequest.prototype,
  };
  const seen = {};
  for (const [owner, object] of Object.entries(owners))
    for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(object)))
      if (!/^\\d+$/.test(name) && name !== "event")
        seen[owner + "." + name] = [own.value, own.get, own.set]
          .map((part) => (typeof part === "function" ? String(part) : typeof part)).join(" ");
  return seen;
}
"""
STATE = """
() => ({
  focus: document.activeElement.localName,
  scroll: [scrollX, scrollY],
  selection: String(getSelection()),
  cookies: document.cookie,
  storage: [{ ...localStorage }, { ...sessionStorage }],
  historyState: history.state,
  sheets: [document.styleSheets.length, document.adoptedStyleSheets.length],
  handlers: Object.keys(window).filter((name) => name.startsWith("on") && window[name]),
})
"""
CYCLE = """
async () => {
  const element = document.createElement("trex-workflow");
  element.setAttribute("tenant", "acme");
  element.setAttribute("workflow", "buying");
  place.append(element);
  await element.mount();
  const gone = new Promise((done) => element.addEventListener("trex:unmounted", done));
  element.remove();
  await gone;
  heard.length = 0;
}
"""


@pytest.fixture
def bare(page: Page, app: RunningApp, host: Host) -> Page:
    """A page with the loader and without a widget."""
    page.goto(host.page(app.address, PLACE))
    page.wait_for_function("Boolean(customElements.get('trex-workflow'))")
    return page


@pytest.fixture
def inspector(bare: Page) -> CDPSession:
    """The browser's own view of the page's process."""
    session = bare.context.new_cdp_session(bare)
    session.send("Performance.enable")
    return session


def listeners_of(inspector: CDPSession, target: str) -> list[str]:
    """The types that anything listens for on an object of the page."""
    found = inspector.send("Runtime.evaluate", {"expression": target})["result"]["objectId"]
    listeners = inspector.send("DOMDebugger.getEventListeners", {"objectId": found})["listeners"]
    return sorted(listener["type"] for listener in listeners)


def looked_at(page: Page, inspector: CDPSession) -> dict[str, Any]:
    """All of the page that a widget could have touched."""
    return {
        "sight": page.evaluate(SIGHT),
        "state": page.evaluate(STATE),
        "instruments": page.evaluate(INSTRUMENTS),
        "document": listeners_of(inspector, "document"),
    }


def kept(inspector: CDPSession) -> dict[str, float]:
    """What the page's process holds once everything unreachable was collected."""
    inspector.send("HeapProfiler.collectGarbage")
    metrics = inspector.send("Performance.getMetrics")["metrics"]
    counted = {metric["name"]: metric["value"] for metric in metrics}
    names = (
        "Documents",
        "Frames",
        "JSEventListeners",
        "Nodes",
        "AdSubframes",
        "WorkerGlobalScopes",
    )
    return {name: counted[name] for name in names if name in counted}


def heap_of(inspector: CDPSession) -> float:
    """Bytes of JavaScript in use, after a collection."""
    for _ in range(3):  # finalizers free more in the next round
        inspector.send("HeapProfiler.collectGarbage")
    return inspector.send("Runtime.getHeapUsage")["usedSize"]


def test_nothing_of_the_page_is_changed_by_a_journey(
    bare: Page, inspector: CDPSession, app: RunningApp
) -> None:
    before = looked_at(bare, inspector)
    before_on_window = listeners_of(inspector, "window")
    bare.evaluate("html => { place.innerHTML = html }", widget(app.address))
    shown = Widget(bare).until_ready()
    during = looked_at(bare, inspector)
    on_window = listeners_of(inspector, "window")
    during["instruments"].pop("window.widget", None)  # browsers name elements with an id
    assert during == before
    bare.evaluate("place.replaceChildren()")
    expect(shown.element).to_have_count(0)
    wait_until_alone(bare)
    assert looked_at(bare, inspector) == before
    # Its one listener, for what the frame says, goes with it.
    assert on_window == sorted([*before_on_window, "message"])
    assert listeners_of(inspector, "window") == before_on_window


def test_nothing_grows_over_twenty_mounts(bare: Page, inspector: CDPSession) -> None:
    for _ in range(WARM_UP):
        bare.evaluate(CYCLE)
    counted, heap = kept(inspector), heap_of(inspector)
    for _ in range(CYCLES):
        bare.evaluate(CYCLE)
    grown = heap_of(inspector) - heap
    assert kept(inspector) == counted
    assert grown < CYCLES * GROWTH_MAX, f"{grown} bytes"
    wait_until_alone(bare)

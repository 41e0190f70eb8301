"""A browser without JavaScript: it follows links, fills in controls and presses buttons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import urlencode

import httpx

ORIGIN = "http://localhost:3000"
VOID = frozenset({"input", "meta", "link", "img", "br", "hr"})
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass
class Node:
    """An element with its text and its children."""

    tag: str
    attributes: dict[str, str]
    children: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says, with every run of white space as one space."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """What it says, as it is written."""
        return "".join(c if isinstance(c, str) else c.raw for c in self.children)

    def all(self, *tags: str, **attributes: str) -> list["Node"]:
        """Every element below of these tags, with these attributes; `_` stands for `-`."""
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        found: list[Node] = []
        for child in self.children:
            if isinstance(child, Node):
                if child.tag in tags and wanted.items() <= child.attributes.items():
                    found.append(child)
                found += child.all(*tags, **attributes)
        return found

    def one(self, *tags: str, **attributes: str) -> "Node":
        found = self.all(*tags, **attributes)
        assert found, f"no {tags} {attributes}"
        return found[0]

    def has(self, name: str) -> bool:
        return name in self.attributes

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("root", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read(html: str) -> Node:
    """The elements of a page; every one is closed where it was opened."""
    reader = _Reader()
    reader.feed(html)
    assert reader._open == [reader.root]
    return reader.root


VEHICLE = {
    "vin": "",
    "make": "Ford",
    "model": "Focus",
    "year": "2019",
    "mileage_km": "85,000",
    "condition": "good",
    "asking_price": "12,500",
    "postal_code": "73301",
    "description": "One owner.\nAll papers.",
}
"""A vehicle for sale, as people type it."""


class PlainBrowser:
    """Keeps cookies and the page on display; sends the headers that a browser sends."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.answer = httpx.Response(200)
        self.page = Node("root", {})

    async def open(self, path: str) -> Self:
        """Type an address, or follow a link."""
        return await self._load(await self.client.get(path, follow_redirects=True))

    async def follow(self, link: Node) -> Self:
        """Click on a link."""
        href = link.get("href")
        target = self.answer.url.join(href)
        return await self.open(str(target))

    async def post(self, path: str, pairs: Sequence[tuple[str, str]], **headers: str) -> Self:
        """Send a form to an address, as the page of our own that it stood on."""
        sent = {"content-type": FORM_TYPE, "origin": ORIGIN, **headers}
        body = urlencode(pairs)
        return await self._load(
            await self.client.post(path, content=body, headers=sent, follow_redirects=True)
        )

    async def press(
        self, action: str = "submit", given: Mapping[str, Any] | None = None, form_id: str = "step"
    ) -> Self:
        """Fill in the form and press one of its buttons."""
        form = self.form(form_id)
        return await self.post(form.get("action"), self.filled(action, given, form_id))

    async def press_only(self) -> Self:
        """Press the first button of the page's first form, with nothing else done."""
        form = self.page.one("form", method="post")
        button = form.one("button")
        pressed = [(button.get("name"), button.get("value"))] if button.has("name") else []
        return await self.post(form.get("action"), [*entries(form), *pressed])

    def form(self, form_id: str = "step") -> Node:
        return self.page.one("form", id=form_id)

    def filled(
        self, action: str = "submit", given: Mapping[str, Any] | None = None, form_id: str = "step"
    ) -> list[tuple[str, str]]:
        """What the form sends; without `given` it is sent as it was drawn."""
        form = self.form(form_id)
        names = [button.get("value") for button in form.all("button", name="trex.action")]
        assert action in names, f"{action} is not among {names}"
        pairs = entries(form)
        if given is not None:
            own = [(name, value) for name, value in pairs if name.startswith("trex.")]
            pairs = own + [
                pair for name, value in given.items() for pair in fill(form, name, value)
            ]
        return [*pairs, ("trex.action", action)]

    async def walk(self, journey: str, *answers: dict[str, Any]) -> Self:
        """Open a journey and answer step after step, each of which must be accepted."""
        await self.open(f"/h/{journey}")
        for given in answers:
            await self.press("submit", given)
            assert self.answer.status_code == 200, self.page.text
        return self

    def values(self) -> dict[str, str]:
        """What the form would send as it stands."""
        return {name: value for name, value in self.filled() if not name.startswith("trex.")}

    @property
    def step(self) -> str:
        """The step on display."""
        return self.page.one("section").get("data-step")

    @property
    def title(self) -> str:
        return self.page.one("title").text

    @property
    def errors(self) -> dict[str, str]:
        """What is to be mended, by field, as the summary says it."""
        summaries = self.page.all("div", id="error-summary")
        lines = summaries[0].all("a") if summaries else []
        return {line.get("href").removeprefix("#field-"): line.text for line in lines}

    async def _load(self, answer: httpx.Response) -> Self:
        self.answer, self.page = answer, read(answer.text)
        assert self.page.all("script") == []
        assert "style=" not in answer.text
        return self


def entries(form: Node) -> list[tuple[str, str]]:
    """What a browser sends of a form that nobody has touched, buttons left out."""
    pairs: list[tuple[str, str]] = []
    for control in form.all("input", "select", "textarea"):
        name = control.get("name")
        match control.tag, control.get("type"):
            case "select", _:
                options = control.all("option")
                chosen = [option for option in options if option.has("selected")] or options[:1]
                pairs.append((name, chosen[0].get("value")))
            case "textarea", _:
                written = "".join(str(child) for child in control.children)
                pairs.append((name, written.removeprefix("\n").replace("\n", "\r\n")))
            case _, "radio" | "checkbox":
                pairs += [(name, control.get("value"))] if control.has("checked") else []
            case _:
                pairs.append((name, control.get("value")))
    return pairs


def fill(form: Node, name: str, value: Any) -> list[tuple[str, str]]:
    """What the controls of a field send once they hold a value. It must be theirs to hold."""
    controls = form.all("input", "select", "textarea", name=name)
    assert controls, f"nothing asks for {name}"
    texts = [_text(item) for item in (value if isinstance(value, list) else [value])]
    first = controls[0]
    if first.tag == "select":
        offered = {option.get("value") for option in first.all("option")}
        assert {text for text in texts if text} <= offered, f"{texts} is not offered for {name}"
        assert len(texts) <= len(controls)
    elif first.get("type") in {"radio", "checkbox"}:
        if texts == ["false"] and first.get("type") == "checkbox":
            return []
        offered = {control.get("value") for control in controls}
        assert set(texts) <= offered, f"{texts} is not offered for {name}"
    else:
        assert len(texts) == len(controls) == 1
    return [(name, text) for text in texts]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

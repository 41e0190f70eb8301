"""Drawing the sandbox's page: what was received, newest first, and the switches. All is escaped."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from itertools import islice
from typing import Any, Final
from xml.etree import ElementTree

from trex_app.sandbox.faults import KINDS
from trex_app.sandbox.ledger import Entry, Numbered
from trex_app.sandbox.world import World

SHOWN: Final = 50
_PARTNERS: Final[Mapping[str, tuple[str, str]]] = {
    # title, and what it says while nothing has arrived
    "dealers": ("Leads at dealers", "No lead has reached a dealer yet."),
    "crm": ("CRM", "No lead is in the CRM yet."),
    "email": ("E-mail", "No mail has been sent yet."),
    "sms": ("SMS", "No message has been sent yet."),
    "credit": ("Credit checks", "No check has been asked for yet."),
    "vehicles": ("Vehicle lookups", "Nothing has been looked up yet."),
}
_KIND_NAMES: Final = {
    "latency": "Slow",
    "error": "Error",
    "malformed": "Malformed",
    "hang": "Hang",
    "drop": "Drop",
    "duplicate_webhook": "Duplicate webhook",
}

_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Partner sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_sandbox/page/page.css">
<script src="/_sandbox/page/page.js" defer></script>
<noscript><meta http-equiv="refresh" content="10"></noscript>
</head>
<body>
<header>
<h1>Partner sandbox</h1>
<p class="notice"><strong>This is a sandbox.</strong> It plays the partners of T-Rex. Nothing that
arrives here reaches a real dealer, bank, phone or mailbox.</p>
</header>
<main id="live" data-changes="{changes}">
<nav aria-label="Partners"><ul>{links}
<li><a href="#faults">Faults <span class="count">{failing}</span></a></ul></nav>
{sections}
{switches}
</main>
<footer>
<p>Mail server: <code>{smtp_url}</code></p>
<form method="post" action="/_sandbox/page/forget">
<button>Forget what was received</button></form>
</footer>
</body>
</html>
"""


def draw(world: World) -> str:
    """The whole page."""
    entries = {
        partner: world.ledger.entries(partner, has_reads=partner == "vehicles")
        for partner in _PARTNERS
    }
    counts = {
        partner: sum(not entry.repeat for _, entry in found) for partner, found in entries.items()
    }
    links = "".join(
        f'<li><a href="#{partner}">{escape(title)} <span class="count">{counts[partner]}</span></a>'
        for partner, (title, _) in _PARTNERS.items()
    )
    return _PAGE.format(
        changes=world.ledger.changes,
        links=links,
        failing=len(world.faults.shown()),
        sections="".join(_section(partner, entries[partner], world) for partner in _PARTNERS),
        switches=_switches(world),
        smtp_url=escape(world.smtp_url),
    )


def _switches(world: World) -> str:
    cards = "".join(_switch(world, partner) for partner in _PARTNERS)
    return f"""<section aria-labelledby="faults"><h2 id="faults">Faults</h2>
<p class="hint">Press one to let a partner fail, press it again to let it recover.</p>
<div class="cards">{cards}</div></section>"""


def _switch(world: World, partner: str) -> str:
    fault = world.faults.of(partner)
    kinds = [kind for kind in KINDS if kind != "duplicate_webhook" or partner == "credit"]
    buttons = "".join(
        f'<button id="{partner}-{kind}" name="kind" value="{kind}" '
        f'aria-pressed="{"true" if fault and fault.kind == kind else "false"}">'
        f"{_KIND_NAMES[kind]}</button>"
        for kind in kinds
    )
    state = "works" if fault is None else _fault_in_words(fault.shown())
    title = escape(_PARTNERS[partner][0])
    return f"""<form class="card{"" if fault is None else " failing"}" method="post"
action="/_sandbox/page/faults/{partner}"><fieldset><legend>{title}</legend>
<p class="state">{escape(state)}</p><div class="buttons">{buttons}</div></fieldset></form>"""


def _fault_in_words(fault: Mapping[str, Any]) -> str:
    words = [_KIND_NAMES[fault["kind"]].lower()]
    if fault["latency_ms"]:
        words.append(f"{fault['latency_ms']} ms")
    if fault["status"]:
        words.append(f"status {fault['status']}")
    if fault["when"] == "after":
        words.append("after the work")
    if fault["probability"] < 1:
        words.append(f"{fault['probability']:.0%} of requests")
    if fault["count"] is not None:
        words.append(f"{fault['count'] - fault['hits']} more")
    words.append(f"hit {fault['hits']}")
    return ", ".join(words)


def _section(partner: str, entries: list[Numbered], world: World) -> str:
    title, nothing = _PARTNERS[partner]
    newest = islice(reversed(entries), SHOWN)
    items = "".join(_item(number, entry) for number, entry in newest)
    body = f'<div class="items">{items}</div>' if items else f'<p class="hint">{nothing}</p>'
    more = (
        f'<p class="hint">The newest {SHOWN} of {len(entries)}.</p>' if len(entries) > SHOWN else ""
    )
    webhooks = _webhooks(world) if partner == "credit" else ""
    return f"""<section aria-labelledby="{partner}"><h2 id="{partner}">{escape(title)}</h2>
{body}{more}{webhooks}</section>"""


def _item(number: int, entry: Entry) -> str:
    headline, content = _DRAWINGS[entry.partner](entry)
    tags = ['<span class="tag repeat">repeat</span>'] if entry.repeat else []
    if entry.status == 202:
        tags.append('<span class="tag">pending at first</span>')
    key = (
        f'<p class="key">Key <code>{escape(entry.idempotency_key)}</code></p>'
        if entry.idempotency_key
        else ""
    )
    return f"""<details id="{entry.partner}-{number}"><summary>{_time(entry.at)}
<span class="headline">{escape(headline)}</span>{"".join(tags)}</summary>
<p class="address"><code>{escape(entry.method)} {escape(entry.path)}</code></p>{key}
{content}</details>"""


def _time(at: str) -> str:
    moment = datetime.fromisoformat(at)
    return f'<time datetime="{escape(at)}">{moment:%H:%M:%S}</time>'


def _dealer_lead(entry: Entry) -> tuple[str, str]:
    answer = entry.first_answer().data()
    headline = f"{answer['reference']} at {answer['dealerId']}: {answer['status']}"
    # A repeat is taken unread, so its body may be anything.
    document = str(entry.body)
    return headline, _block(document if entry.repeat else _indented_xml(document))


def _indented_xml(document: str) -> str:
    """The document with one element a line; the sandbox has checked that it has no entities."""
    root = ElementTree.fromstring(document)  # noqa: S314 - a DOCTYPE was refused on arrival
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode")


def _crm_lead(entry: Entry) -> tuple[str, str]:
    if entry.method == "DELETE":
        return f"{entry.path.rpartition('/')[2]}: deleted", ""
    answer = entry.first_answer().data()
    return f"{answer['externalId']}: {answer['status']}", _block(_pretty(entry.body))


def _mail(entry: Entry) -> tuple[str, str]:
    mail = entry.body
    addresses = (
        f"<dt>From</dt><dd>{escape(str(mail['from']))}</dd><dt>To</dt><dd>{escape(entry.path)}</dd>"
    )
    text = _prose(mail["text"]) if mail["text"] else ""
    html = ""
    if mail["html"]:
        title = escape(f"HTML of {mail['subject']}", quote=True)
        html = (
            f'<iframe sandbox="" title="{title}" '
            f'srcdoc="{escape(mail["html"], quote=True)}"></iframe>'
        )
    return mail["subject"] or "(no subject)", f"<dl>{addresses}</dl>{text}{html}"


def _message(entry: Entry) -> tuple[str, str]:
    form = entry.body if isinstance(entry.body, dict) else {}
    return f"To {form.get('To', '')}", _prose(str(form.get("Body", "")))


def _check(entry: Entry) -> tuple[str, str]:
    answer = entry.first_answer().data()
    outcome = answer.get("outcome", "decided later").lower()
    asked = f"<h3>Asked</h3>{_block(_pretty(entry.body))}"
    return f"{answer['checkId']}: {outcome}", f"{asked}<h3>Answered</h3>{_block(_pretty(answer))}"


def _lookup(entry: Entry) -> tuple[str, str]:
    query = entry.body or {}
    words = ", ".join(f"{name} {value}" for name, value in query.items() if value)
    return f"{entry.path}{': ' if words else ''}{words}", _block(_pretty(query)) if query else ""


_DRAWINGS: Final[Mapping[str, Callable[[Entry], tuple[str, str]]]] = {
    "dealers": _dealer_lead,
    "crm": _crm_lead,
    "email": _mail,
    "sms": _message,
    "credit": _check,
    "vehicles": _lookup,
}


def _webhooks(world: World) -> str:
    attempts = list(reversed(world.webhooks.attempts))[:SHOWN]
    if not attempts:
        return ""
    rows = "".join(
        f"<tr><td>{_time(attempt.at.isoformat())}</td><td>{escape(attempt.kind)}</td>"
        f"<td>{'arrived' if attempt.has_arrived else 'failed'} ({escape(attempt.outcome)})</td>"
        f"<td><code>{escape(attempt.url)}</code></td></tr>"
        for attempt in attempts
    )
    names = ("At", "Event", "Outcome", "Address")
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    return f"""<h3 id="webhooks">Webhooks sent</h3><div class="wide" role="region"
aria-labelledby="webhooks" tabindex="0"><table><thead><tr>{heads}</tr></thead>
<tbody>{rows}</tbody></table></div>"""


def _block(text: str) -> str:
    return f'<pre tabindex="0">{escape(text)}</pre>'


def _prose(text: str) -> str:
    return f'<pre class="prose">{escape(text)}</pre>'


def _pretty(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)

"""Sets a letter as an e-mail, in text and HTML, and as a text message."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from trex_app.ports import Mail
from trex_app.services.letters.letter import Letter

FOLDER: Final = Path(__file__).parent
SENDER: Final = "T-Rex"


def mail_of(letter: Letter, message_id: str, to: str) -> Mail:
    """The letter as an e-mail; both forms say the same."""
    given = {"letter": letter, "sender": SENDER}
    return Mail(
        message_id=message_id,
        to=to,
        subject=letter.subject,
        text=_template("mail.txt").render(given),
        html=_template("mail.html").render(given),
        locale=letter.locale,
    )


def text_message_of(letter: Letter) -> str:
    """The letter in a line or two."""
    where = f" {letter.main.url}" if letter.main is not None else ""
    return f"{SENDER}: {letter.short}{where}"


@cache
def _template(name: str) -> Template:
    """A template; only what is HTML is escaped, and a name that is not given fails."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)

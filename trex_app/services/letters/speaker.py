"""Says things in the language of one letter."""

from trex_app.core.texts import translate
from trex_app.services.letters.letter import Facts


class Speaker:
    """What every writer of letters needs: its facts, and words in their language."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def _say(self, text: str, **params: object) -> str:
        said = translate(text, self.facts.locale)
        return said.format(**params) if params else said

    def _greeting(self) -> str:
        if self.facts.name:
            return self._say("Hello {name},", name=self.facts.name)
        return self._say("Hello,")

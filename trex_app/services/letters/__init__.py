"""What messages say: written once, then set as HTML, as plain text and as a text message."""

from trex_app.services.letters.composing import Facts, compose
from trex_app.services.letters.setting import mail_of, text_message_of

__all__ = ["Facts", "compose", "mail_of", "text_message_of"]

"""What plain pages refuse before a journey is asked."""

from trex_app.core.errors import Forbidden, TrexError


class FormUnreadable(TrexError):
    """A body that is no form, or not one of ours."""

    code = "form_unreadable"
    status = 400
    default_message = "This form cannot be read. Please open the page again and send it from there."


class FormNotOurs(Forbidden):
    """A form without the token that this browser's pages carry, or from a page of another site."""

    code = "form_not_ours"
    default_message = (
        "We cannot tell that this form comes from your own page. Please open the page again and "
        "send it from there; nothing was changed."
    )


class CookieNeeded(Forbidden):
    """A browser that keeps no cookie: nothing would be there on the next page."""

    code = "cookie_needed"
    default_message = (
        "Your answers are kept for this browser by a cookie, and it does not seem to keep any. "
        "Please allow cookies for this site. Inside another site's page, open this one in a tab "
        "of its own."
    )

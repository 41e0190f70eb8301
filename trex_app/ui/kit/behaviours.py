"""Custom elements for what the platform cannot do alone; their classes live in assets/kit/*.js.

Such a module is fetched after the first paint, once per page, and only by pages that hold a part
which needs it. It leaves the nodes that React owns where they are.
"""

from typing import ClassVar

import reflex as rx
from reflex.vars import VarData
from reflex_base.constants.compiler import Hooks, MemoizationDisposition, MemoizationMode
from reflex_base.utils.imports import ImportVar
from reflex_components_core.el.elements.base import BaseHTML


def module_hook(module: str) -> rx.Var:
    """A hook that fetches assets/kit/<module>.js when the page has been drawn.

    Not a script element: that could run before React has taken over the prerendered page.
    """
    return rx.Var(
        f'useEffect(() => {{ import("$/public/kit/{module}.js") }}, [])',
        _var_data=VarData(
            imports={"react": [ImportVar(tag="useEffect")]},
            position=Hooks.HookPosition.PRE_TRIGGER,
        ),
    )


class Behaviour(BaseHTML):
    """An element that its module brings to life; before that it shows its children as they are."""

    module: ClassVar[str] = ""

    # Wrapped for its own sake, it would get its tag in a JavaScript name, which takes no hyphen.
    _memoization_mode = MemoizationMode(disposition=MemoizationDisposition.NEVER)

    def add_hooks(self) -> list[str | rx.Var]:
        """Fetch the module."""
        return [module_hook(self.module)]


class Counter(Behaviour):
    """Characters left in the control named by `for`."""

    tag = "trex-counter"
    module = "counter"


class ErrorSummary(Behaviour):
    """Takes the focus when it appears or changes; its links focus the field they name."""

    tag = "trex-error-summary"
    module = "error-summary"


class ComboboxElement(Behaviour):
    """Suggests options while one types."""

    tag = "trex-combobox"
    module = "combobox"


class SliderElement(Behaviour):
    """Shows the values of its range inputs and keeps two of them in order."""

    tag = "trex-slider"
    module = "slider"


class RankingElement(Behaviour):
    """Puts its entries in order by dragging or by buttons."""

    tag = "trex-ranking"
    module = "ranking"


class FileElement(Behaviour):
    """Shows what its file input holds."""

    tag = "trex-file"
    module = "file"


class DialogElement(Behaviour):
    """Opens and closes the dialog it holds."""

    tag = "trex-dialog"
    module = "dialog"


class MenuElement(Behaviour):
    """Moves through the entries of its menu."""

    tag = "trex-menu"
    module = "menu"


class TabsElement(Behaviour):
    """Shows one of its panels."""

    tag = "trex-tabs"
    module = "tabs"


class TooltipElement(Behaviour):
    """Puts its words away on Escape."""

    tag = "trex-tooltip"
    module = "tooltip"


class ToastElement(Behaviour):
    """Closes itself when its time is over."""

    tag = "trex-toast"
    module = "toast"


class NoticeElement(Behaviour):
    """Comes into sight when it appears."""

    tag = "trex-notice"
    module = "notice"


class AmountElement(Behaviour):
    """Ties a typed number to its slider or to its two buttons."""

    tag = "trex-amount"
    module = "amount"


class CopyElement(Behaviour):
    """Copies a text and says so."""

    tag = "trex-copy"
    module = "copy"


class OfferElement(Behaviour):
    """Fills empty controls of its form with what was found."""

    tag = "trex-offer"
    module = "offer"


class WhenElement(Behaviour):
    """Lets its fieldset be filled in while another field has a value."""

    tag = "trex-when"
    module = "when"


class SelectionElement(Behaviour):
    """Counts what is ticked, and ties each box to what stands for it elsewhere."""

    tag = "trex-selection"
    module = "selection"

"""People who are quicker than a page's own scripts."""

from playwright.sync_api import Frame, Page, Route, expect

SCRIPTS = "**/assets/*.js"


class HeldScripts:
    """The scripts of every page that is opened from now on, until they are let go."""

    def __init__(self, page: Page) -> None:
        self._held: list[Route] = []
        self._are_held = True
        page.route(SCRIPTS, self._hold)

    def let_go(self) -> None:
        """Let all of them arrive."""
        self._are_held = False
        for route in self._held:
            route.continue_()

    def _hold(self, route: Route) -> None:
        if self._are_held:
            self._held.append(route)
        else:
            route.continue_()


def answer_early(shown: Page | Frame, name: str, value: str) -> None:
    """Choose and send on a page that is nothing but HTML yet, and see that it was heard."""
    step = shown.locator("[data-step]")
    expect(step).to_have_attribute("data-alive", "false")
    shown.locator(f'form [name="{name}"][value="{value}"]').check()
    main_button = shown.locator('form button[type="submit"]')
    main_button.click()
    expect(main_button).to_have_attribute("aria-busy", "true")

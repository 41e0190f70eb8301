"""What somebody pastes as the link of a message, and where it leads."""

import pytest

from trex_app.api.plain.links import MessageLink, read_link

SECRET = "1789000000.kEy_-9"
DATA = f"TRX-7K3M-9QWX~email~{SECRET}"
STATUS = MessageLink(("status", "TRX-7K3M-9QWX"), "trex_status_pass", SECRET)


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        (f"https://t.example/status/TRX-7K3M-9QWX#{SECRET}", STATUS),
        (f"https://t.example/de/status/trx-7k3m-9qwx#{SECRET}", STATUS),
        (" <https://t.example/status/TRX-7K3M-9QWX#178900\r\n0000.kEy_-9> ", STATUS),
        (f"/status/TRX-7K3M-9QWX/#{SECRET}", STATUS),
        (
            f"https://t.example/your-data#{DATA}",
            MessageLink(("your-data",), "trex_data_pass", DATA),
        ),
        ("https://t.example/de/resume/aB-_9", MessageLink(("resume", "aB-_9"))),
        ("https://t.example/h/-/resume/aB-_9", MessageLink(("resume", "aB-_9"))),
        (" trx-7k3m-9qwx ", MessageLink(("status", "TRX-7K3M-9QWX"))),
    ],
)
def test_a_link_of_ours_leads_to_its_plain_page(typed: str, link: MessageLink) -> None:
    assert read_link(typed) == link


def test_a_link_that_lost_its_secret_leads_to_the_status_that_the_browser_may_know() -> None:
    link = read_link("https://t.example/status/TRX-7K3M-9QWX")
    assert link is not None
    assert (link.parts, link.secret) == (("status", "TRX-7K3M-9QWX"), "")


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "hello", "https://t.example/", "https://t.example/your-data", "http://["),
        *("https://t.example/your-data#a;b", "https://t.example/status/x#y", "x" * 5000),
        "https://t.example/your-data#" + "s" * 401,
    ],
)
def test_anything_else_leads_nowhere(typed: str) -> None:
    assert read_link(typed) is None


def test_no_secret_can_break_out_of_its_cookie() -> None:
    link = read_link("https://t.example/status/TRX-7K3M-9QWX#x; Path=/; Domain=evil")
    assert link is not None
    assert link.secret == ""

"""What a dealer's CRM takes as ADF, and what it refuses."""

import pytest

from tests.unit.sandbox.examples import ADF, DEALER, REFERENCE, cancellation
from trex_app.sandbox.adf import AdfLead, read_adf
from trex_app.sandbox.wire import Refused

VEHICLE = ADF[ADF.index("<vehicle ") : ADF.index("<customer>")]


def refused_at(document: str | bytes) -> str | None:
    with pytest.raises(Refused) as caught:
        read_adf(document.encode() if isinstance(document, str) else document, DEALER)
    assert caught.value.answer.status == 422
    return caught.value.answer.data()["error"]["parameter"]


def test_the_lead_of_the_guide_is_taken() -> None:
    assert read_adf(ADF.encode(), DEALER) == AdfLead(REFERENCE, is_cancellation=False)


def test_its_cancellation_is_known_as_one() -> None:
    assert read_adf(cancellation().encode(), DEALER).is_cancellation


def test_a_lead_may_name_several_vehicles_and_none_in_particular() -> None:
    some_car = "<vehicle><year/><make>Toyota</make><model/></vehicle>"
    assert read_adf(ADF.replace(VEHICLE, VEHICLE + some_car).encode(), DEALER)
    assert read_adf(ADF.replace(VEHICLE, some_car).encode(), DEALER)


def test_what_was_escaped_arrives_as_it_was_meant() -> None:
    document = ADF.replace(REFERENCE, "A&amp;B &lt;1&gt;")
    assert read_adf(document.encode(), DEALER).reference == "A&B <1>"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ('<?adf version="1.0"?>', "", "adf"),
        ('<?adf version="1.0"?>', '<?adf version="2.0"?>', "adf"),
        ("</adf>", "", "adf"),
        ("Ada</name>", "Ada & Bea</name>", "adf"),
        ("<adf>", '<!DOCTYPE adf [<!ENTITY a "b">]><adf>', "adf"),
        ("adf>", "lead>", "lead"),
        ('<prospect status="new">', '<prospect status="urgent">', "adf/prospect"),
        ('<id sequence="1" source="T-Rex">TRX', "<id>TRX", "adf/prospect/id"),
        ("2025-11-03T09:30:00+00:00", "2025-11-03", "adf/prospect/requestdate"),
        ("2025-11-03T09:30:00+00:00", "2025-11-03T09:30:00", "adf/prospect/requestdate"),
        (VEHICLE, "", "adf/prospect/vehicle"),
        ('interest="buy"', 'interest="look"', "adf/prospect/vehicle"),
        ('status="used"', 'status="old"', "adf/prospect/vehicle"),
        ("<year>2019", "<year>19", "adf/prospect/vehicle/year"),
        ("<make>Toyota</make>", "", "adf/prospect/vehicle/make"),
        ("5YFBURHE0FP123456", "5YFBURHE0FP12345", "adf/prospect/vehicle/vin"),
        ('units="km"', 'units="m"', "adf/prospect/vehicle/odometer"),
        ("16895.00", "$16,895", "adf/prospect/vehicle/price"),
        ('currency="USD"', "", "adf/prospect/vehicle/price"),
        ('type="asking"', 'type="dream"', "adf/prospect/vehicle/price"),
        ("<trim>Plus</trim>", "<wish>Plus</wish>", "adf/prospect/vehicle/wish"),
        ('<name part="first">', '<name part="nick">', "adf/prospect/customer/contact/name"),
        ("Ada</name>", "</name>", "adf/prospect/customer/contact/name"),
        ("ada@example.com", " ", "adf/prospect/customer/contact/email"),
        ('type="cellphone"', 'type="pigeon"', "adf/prospect/customer/contact/phone"),
        ("<vendorname>Lakeshore Motors</vendorname>", "", "adf/prospect/vendor/vendorname"),
        (">lakeshore-motors</id>", ">harbor-view-motors</id>", "adf/prospect/vendor/id"),
        ('<name part="full">T-Rex</name>', "", "adf/prospect/provider/name"),
        ("</prospect>", "<mood/></prospect>", "adf/prospect/mood"),
        ("</prospect>", "</prospect><prospect/>", "adf/prospect"),
    ],
)
def test_a_fault_is_named_by_its_element(old: str, new: str, path: str) -> None:
    assert old in ADF
    assert refused_at(ADF.replace(old, new)) == path


def test_somebody_who_cannot_be_reached_is_no_lead() -> None:
    start, end = ADF.index("<email"), ADF.index("<address")
    assert refused_at(ADF[:start] + ADF[end:]) == "adf/prospect/customer/contact/email"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "latin-1"])
def test_only_utf_8_is_read(encoding: str) -> None:
    assert refused_at(ADF.replace("Ada", "Adä").encode(encoding)) == "adf"

"""Photos and the logo: taken safely from whatever file, kept once, given, taken back and erased (S2-02, case 90)."""

from __future__ import annotations

import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from studio_desktop.database.check import check
from studio_desktop.database.tables.studio import image
from studio_desktop.domain.errors import InvalidInput, NotFound
from studio_desktop.domain.records.clients import ClientRecord
from studio_desktop.services import Services, new_request
from studio_desktop.services.batch_changes import changeable
from studio_desktop.services.images import Crop, cut, looked_at, read_file
from tests.builders import a_client
from tests.pictures import (
    BLUE,
    GREEN,
    RED,
    WHITE,
    a_bomb,
    drawn,
    near,
    opened,
    picture,
    saved,
    with_orientation,
)


def photo(services: Services, client: ClientRecord, raw: bytes) -> ClientRecord:
    """The client with this photo."""
    return services.clients.set_photo(client.id, cut(raw), new_request()).result


def count(services: Services) -> int:
    """How many pictures are kept."""
    query = select(func.count()).select_from(image)
    return services.database.read(lambda connection: connection.execute(query).scalar_one())


@pytest.mark.parametrize(
    "raw",
    [
        picture("JPEG"), picture("JPEG", mode="CMYK"), picture("JPEG", progressive=True),
        picture("JPEG", size=(5000, 3000)), picture("PNG"), picture("PNG", mode="RGBA"), picture("PNG", mode="P"),
        picture("PNG", size=(5000, 3000), mode="RGBA"), picture("WEBP"), picture("GIF"),
        picture("BMP"), picture("TIFF"), picture("TIFF", mode="CMYK"),
    ],
)  # fmt: skip
def test_that_a_picture_of_any_usual_kind_becomes_a_small_jpeg(raw: bytes) -> None:
    """RELIABILITY 90: a GIF, a CMYK JPEG, a large one."""
    small = opened(cut(raw).jpeg)
    assert small.mode == "RGB"
    assert max(small.size) == 480
    assert near(small.getpixel((20, 20)), RED, 60)
    assert near(small.getpixel((small.width - 20, 20)), BLUE, 60)


def test_that_sixteen_bits_of_grey_and_a_picture_one_can_see_through_look_as_they_should() -> None:
    grey = Image.new("I;16", (300, 200), 32_768)
    assert near(opened(looked_at(saved(grey, "PNG"))).getpixel((9, 9)), (128, 128, 128))
    clear = Image.new("RGBA", (300, 200), (*RED, 0))
    assert near(opened(looked_at(saved(clear, "PNG"))).getpixel((9, 9)), WHITE)


def test_that_of_a_moving_picture_the_first_moment_is_taken() -> None:
    raw = saved(Image.new("RGB", (80, 60), RED), "GIF", save_all=True, append_images=[Image.new("RGB", (80, 60), BLUE)])
    assert near(opened(looked_at(raw)).getpixel((9, 9)), RED)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_that_a_photo_stands_upright_and_no_longer_tells_where_it_was_taken(orientation: int) -> None:
    """RELIABILITY 90: EXIF rotated, GPS EXIF."""
    raw = with_orientation(orientation)
    assert Image.open(BytesIO(raw)).getexif().get_ifd(0x8825)
    for small in (opened(looked_at(raw)), opened(cut(raw).jpeg)):
        assert small.width < small.height
        assert near(small.getpixel((9, 9)), GREEN)
        assert near(small.getpixel((9, small.height - 9)), WHITE)
        assert dict(small.getexif()) == {}
        assert set(small.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b"Not at all a picture, but a text named me.jpg", "not a picture"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "not a picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(500), "HEIC"),
        (picture("JPEG")[:3000], "damaged"),
        (picture("PNG")[:300], "damaged"),
        (picture("JPEG")[:2] + bytes(25 * 1024 * 1024), "larger than 25 MB"),
        (a_bomb(), "million pixels"),
        (saved(Image.new("1", (9000, 9000)), "PNG"), "more than 25 million pixels"),
        (saved(Image.new("1", (6000, 6000)), "GIF"), "more than 25 million pixels"),
    ],
    ids=["empty", "text", "svg", "heic", "half a jpeg", "half a png", "26 MB", "bomb", "81 Mpx", "36 Mpx"],
)
def test_that_what_is_no_fit_picture_is_refused_at_once_with_the_reason(raw: bytes, said: str) -> None:
    """RELIABILITY 90: within a second, before it is decoded."""
    began = time.process_time()
    with pytest.raises(InvalidInput, match=said):
        looked_at(raw)
    assert time.process_time() - began < 1


def test_that_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"gone\.jpg cannot be read"):
        read_file(tmp_path / "gone.jpg")


def test_that_the_chosen_square_is_kept_after_turning() -> None:
    """S2-02: cropped."""
    half = opened(cut(saved(drawn(800, 600)), Crop(left=500, top=100, side=200)).jpeg)
    assert half.size == (200, 200)
    assert near(half.getpixel((5, 100)), BLUE)
    turned = opened(cut(saved(drawn(800, 600)), Crop(left=0, top=0, side=600, turns=1)).jpeg)
    assert turned.size == (480, 480)
    assert near(turned.getpixel((240, 5)), RED)
    assert near(turned.getpixel((240, 470)), BLUE)
    outside = opened(cut(saved(drawn(800, 600)), Crop(left=-50, top=900, side=5000)).jpeg)
    assert outside.size == (480, 480)


def test_that_the_same_picture_is_kept_once_and_loaded_as_it_was_kept(services: Services) -> None:
    name = services.images.store(picture())
    assert services.images.store(picture()) == name
    assert count(services) == 1
    assert opened(services.images.load(name)).size == (480, 320)
    with pytest.raises(NotFound):
        services.images.load("0" * 64)


def test_that_a_client_gets_a_photo_another_and_none_and_each_can_be_taken_back(services: Services) -> None:
    """S2-02."""
    anna = a_client(services)
    first = photo(services, anna, picture())
    assert opened(services.images.load(first.image_hash)).size == (480, 320)
    request = new_request()
    second = services.clients.set_photo(anna.id, cut(picture(size=(300, 300))), request)
    again = services.clients.set_photo(anna.id, cut(picture(size=(300, 300))), request)
    assert again.result == second.result
    assert second.result.image_hash != first.image_hash
    gone = services.clients.set_photo(anna.id, None, new_request())
    assert gone.result.image_hash == ""
    (line, *_) = services.history.of_record("client", anna.id)
    assert (line.field, line.old, line.new) == ("image_hash", second.result.image_hash, "")
    services.history.undo(gone.changes.request, new_request())
    services.history.undo(request, new_request())
    assert services.clients.get(anna.id).image_hash == first.image_hash
    assert check(services.database) == []


def test_that_a_photo_changed_at_another_desk_survives_a_save_of_other_fields(
    services: Services, other_desk: Services
) -> None:
    anna = a_client(services)
    theirs = photo(other_desk, anna, picture())
    mine = services.clients.save(anna, replace(anna, nickname="Annie"), new_request()).result
    assert (mine.nickname, mine.image_hash) == ("Annie", theirs.image_hash)


def test_that_no_client_has_a_photo_that_is_not_there_and_the_deleted_get_none(services: Services) -> None:
    anna = a_client(services)
    with pytest.raises(NotFound, match="photo"):
        services.clients.save(anna, replace(anna, image_hash="f" * 64), new_request())
    with pytest.raises(NotFound, match="photo"):
        a_client(services, last_name="Berg", image_hash="f" * 64)
    services.clients.delete([anna.id], new_request())
    with pytest.raises(NotFound, match="deleted"):
        photo(services, anna, picture())
    assert count(services) == 0
    assert "image_hash" not in changeable()


def test_that_a_merge_keeps_a_photo_and_says_when_there_was_another(services: Services) -> None:
    """B18: nothing dropped; undone, both have theirs again."""
    anna, annie = a_client(services), photo(services, a_client(services, last_name="Other"), picture())
    merged = services.merges.merge(anna, annie, {}, new_request())
    assert merged.result.image_hash == annie.image_hash
    services.history.undo(merged.changes.request, new_request())
    assert services.clients.get(anna.id).image_hash == ""
    anna, annie = photo(services, anna, picture(size=(300, 300))), services.clients.get(annie.id)
    merged = services.merges.merge(anna, annie, {}, new_request())
    assert merged.result.image_hash == anna.image_hash
    assert "Photo: another picture" in services.notes.of_client(anna.id)[0].text
    assert annie.image_hash not in services.notes.of_client(anna.id)[0].text


def test_that_erasing_a_client_erases_the_photos_that_nobody_else_has(services: Services) -> None:
    """S4-20. RELIABILITY 108."""
    anna, bob = a_client(services), a_client(services, last_name="Berg")
    shared, own, former = picture(), picture(size=(300, 300)), picture(size=(200, 300))
    for raw in (shared, former, own):
        photo(services, anna, raw)
    bob = photo(services, bob, shared)
    logo = services.images.store(own)
    services.preferences.save({"logo": logo}, new_request())
    services.clients.delete([anna.id], new_request())
    services.trash.erase([anna.id], new_request())
    assert count(services) == 2
    assert services.images.load(bob.image_hash)
    assert services.images.load(logo)
    services.preferences.save({"logo": ""}, new_request())
    services.clients.delete([bob.id], new_request())
    services.trash.erase([bob.id], new_request())
    assert count(services) == 1  # a former logo is no client's
    assert check(services.database) == []


def test_that_a_logo_must_be_kept_and_its_width_be_possible(services: Services) -> None:
    """B25."""
    with pytest.raises(NotFound, match="logo"):
        services.preferences.save({"logo": "f" * 64}, new_request())
    with pytest.raises(InvalidInput, match="from 10 to 60"):
        services.preferences.save({"logo_width": 400}, new_request())
    with pytest.raises(InvalidInput, match="letter, a4"):
        services.preferences.save({"paper": "foolscap"}, new_request())

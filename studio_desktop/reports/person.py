"""All that is kept about one person as one file to hand over: data, a readable profile and the photo (S4-31)."""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path

from studio_desktop import __version__
from studio_desktop.domain.errors import InvalidInput
from studio_desktop.reports.files import atomic_file
from studio_desktop.reports.listing_file import Written, write_document
from studio_desktop.reports.records import ClientProfile
from studio_desktop.services import Services


def write_person(services: Services, client_id: int, path: Path) -> Written:
    """Write the `.zip`: `data.json`, `profile.pdf` and, if there is one, `photo.jpg`. Raises StudioError."""
    if path.suffix.lower() != ".zip":
        raise InvalidInput("The file has to end in .zip.", field="output")
    rows = services.personal_data.of_client(client_id)
    told = {
        "made_at": services.desk.clock.now().isoformat(),
        "made_by": f"{services.preferences.get().studio_name}, Studio Desktop {__version__}",
        "tables": rows,
    }
    record = services.clients.get(client_id)
    with tempfile.TemporaryDirectory() as folder, atomic_file(path) as file, zipfile.ZipFile(file, "w") as archive:
        profile = Path(folder) / "profile.pdf"
        gathered = ClientProfile().about(services, record)
        written = write_document(profile, gathered.document, gathered.rows)
        packed = zipfile.ZIP_DEFLATED
        archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=1), packed)
        archive.write(profile, "profile.pdf", packed)
        if record.image_hash:
            archive.writestr("photo.jpg", services.images.load(record.image_hash))
    return Written(path, sum(map(len, rows.values())), written.remarks)

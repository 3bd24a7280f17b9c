"""How a studio is reached: the parts of its address, its password, and what is wrong when it does not answer."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

from sqlalchemy.engine import URL

from studio_desktop.database.engine import Database, checked_url
from studio_desktop.database.migrate import HEAD, revision_of
from studio_desktop.domain.errors import DatabaseUnavailable, InvalidInput

PASSWORD_VARIABLE = "STUDIO_DB_PASSWORD"  # noqa: S105 - the variable's name
"""Names the password of the database server where no keyring keeps it."""

log = logging.getLogger(__name__)

_KEYRING = "Studio Desktop"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A database on a PostgreSQL server. `host` is a computer, or the folder of a socket on this one."""

    host: str = ""
    database: str = "studio"
    user: str = "studio"
    port: int = 5432

    @classmethod
    def of(cls, url: str) -> ServerAddress:
        """The parts of a server's URL; those of a new one for any other."""
        parsed = checked_url(url) if url.startswith("postgresql") else None
        if parsed is None:
            return cls()
        query = parsed.normalized_query
        host = parsed.host or "".join(query.get("host", ()))
        port = parsed.port or int("".join(query.get("port", ())) or 5432)
        return cls(host, parsed.database or "", parsed.username or "", port)

    def url(self) -> str:
        """The URL, without a password. Raises InvalidInput naming the part that is missing."""
        for field, label in (("host", "server"), ("database", "database"), ("user", "user name")):
            if not getattr(self, field).strip():
                raise InvalidInput("Type the name of the {part}.", field=field, part=label)
        host, port = self.host.strip(), None if self.port == 5432 else self.port
        made = URL.create("postgresql", self.user.strip(), database=self.database.strip())
        if host.startswith("/"):
            query = {"host": host} | ({"port": str(port)} if port is not None else {})
            return made.set(query=query).render_as_string()
        return made.set(host=host, port=port).render_as_string()


def password_for(url: str) -> str | None:
    """The password of a server: the variable's, else what this computer's keyring keeps, else none (.pgpass may)."""
    if not url.startswith("postgresql"):
        return None
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(_KEYRING, url)
    except KeyringError as error:
        log.info("no keyring: %s", type(error).__name__)
        return None


def remember_password(url: str, password: str) -> bool:
    """Keep a server's password in this computer's keyring; False where there is none, so that it is asked again."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(_KEYRING, url, password)
    except KeyringError as error:
        log.info("the password is not kept: %s", type(error).__name__)
        return False
    return True


def look(url: str, password: str | None) -> str:
    """What is at this address, in a sentence; nothing is changed there.

    Raises InvalidInput, or DatabaseUnavailable that says what is wrong and who can mend it.
    """
    address = ServerAddress.of(url)
    try:
        database = Database(url, password=password)
    except DatabaseUnavailable as error:
        raise _explained(address, error) from error
    try:
        revision = database.read(revision_of)
    finally:
        database.close()
    if revision is None:
        return f"{database.name} is empty: a new studio will be made in it."
    if revision < HEAD:
        return f"{database.name} holds a studio of an older version: it will be backed up and upgraded."
    return f"{database.name} holds a studio."


def _explained(address: ServerAddress, error: DatabaseUnavailable) -> DatabaseUnavailable:
    said = str(error).lower()
    for fragments, sentence in _CURES:
        if any(fragment in said for fragment in fragments):
            return DatabaseUnavailable(
                sentence, host=address.host, port=address.port, user=address.user, database=address.database
            )
    return error


_CURES: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("could not translate host name", "failed to resolve host", "name or service not known", "getaddrinfo"),
        "No computer is called {host}. Check the name; this computer must be in the studio's network.",
    ),
    (
        ("connection refused",),
        "{host} is there, but no PostgreSQL answers on port {port}. Is it running, and does it listen to the network?",
    ),
    (
        ("timeout expired", "timed out", "no route to host", "network is unreachable"),
        "{host} does not answer. Is it switched on? A firewall may keep port {port} closed.",
    ),
    (
        ("no pg_hba.conf entry",),
        "{host} does not let {user} in from this computer: its pg_hba.conf needs a line for it.",
    ),
    (
        ("does not accept this user name and password",),
        "{host} does not accept this password for {user}, or does not know {user}.",
    ),
    (
        ("no database of this name",),
        "{host} has no database {database} yet. There, run: CREATE DATABASE {database} OWNER {user} ENCODING 'UTF8';",
    ),
)

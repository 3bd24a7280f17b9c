"""Tryton's party search behind a pipe, for `bench_tryton`; runs on an interpreter that has trytond_party.

    python tryton_peer.py FOLDER

Reads lines of JSON and answers each with one: `{"load": [[name, phone, e-mail], …]}` takes parties in with bare SQL,
`{"create": […]}` as its own import does; `{"find": "john sm"}` gives the first 50. Each answer says the seconds of
processor time that it took.
"""

import json
import sys
import time
from pathlib import Path

from trytond import config

DATABASE = "peer"


def main() -> None:
    """Make an empty Tryton with parties, then answer until the pipe is closed."""
    folder = Path(sys.argv[1])
    config.set("database", "uri", "sqlite:///")
    config.set("database", "path", str(folder))
    # Tryton prints now and then; the pipe is for answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    from trytond.tests.test_tryton import create_db

    create_db(DATABASE, "en")
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    with Transaction().start(DATABASE, 1):
        module = Pool(DATABASE).get("ir.module")
        module.activate(module.search([("name", "in", ["party", "country"])]))
    pool = Pool(DATABASE)
    pool.init(update=["party", "country"], lang=["en"])
    say(answers, {"ready": True})
    for line in sys.stdin:
        [(what, given)] = json.loads(line).items()
        with Transaction().start(DATABASE, 1) as transaction:
            start = time.thread_time()
            found = COMMANDS[what](pool, transaction, given)
            if what != "find":
                transaction.commit()
            say(answers, {"seconds": time.thread_time() - start, "found": found})


def load(_pool, transaction, people):
    """Take parties in the fastest way there is, so that many can be searched."""
    cursor = transaction.connection.cursor()
    for number, (name, phone, email) in enumerate(people, 1):  # its own codes have no letter
        code = f"L{number}"
        cursor.execute("INSERT INTO party_party (id, name, code, active) VALUES (?, ?, ?, 1)", (number, name, code))
        for kind, value in (("phone", phone), ("email", email)):
            if value:
                cursor.execute(
                    "INSERT INTO party_contact_mechanism (party, type, value, value_compact, active)"
                    " VALUES (?, ?, ?, ?, 1)",
                    (number, kind, value, value.replace(" ", "")),
                )
    return len(people)


def create(pool, _transaction, people):
    """Take parties in as Tryton's own import does: through its models."""
    made = pool.get("party.party").create(
        [
            {
                "name": name,
                "contact_mechanisms": [
                    ("create", [{"type": kind, "value": value} for kind, value in (("phone", phone), ("email", email))
                                if value])
                ],
            }
            for name, phone, email in people
        ]
    )  # fmt: skip
    return len(made)


def find(pool, _transaction, typed):
    """What its entry offers while somebody types."""
    return len(pool.get("party.party").autocomplete(typed, limit=50))


COMMANDS = {"load": load, "create": create, "find": find}


def say(answers, told) -> None:
    """Send one answer."""
    answers.write(json.dumps(told) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()

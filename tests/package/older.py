"""Lays the database of a data folder down as version 2 of the program left it, for an upgrade to bring up to date.

    older.py FOLDER DUMP

DUMP is what version 2 left (crates/store/tests/data/momsbud-version-2.sql): its tables, its integration and its filings
stay; who is signed in, the sealed secrets, the settings and what has been filed are those of the folder. What version 2 had
no place for is left out. Prints one JSON object: the schema's version before and the ids of all filings.
"""

import json
import sqlite3
import sys
from pathlib import Path

OWN = ["authorizations", "secrets", "preferences"]
NUMBERED = ["journal", "timeline", "documents"]


def columns(db, table):
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def main(folder, dump):
    place = folder / "momsbud.db"
    newer = sqlite3.connect(place)
    newer.row_factory = sqlite3.Row
    version = newer.execute("PRAGMA user_version").fetchone()[0]
    older_place = folder / "older.db"
    older = sqlite3.connect(older_place)
    older.executescript(dump.read_text(encoding="utf-8"))

    def take(table, row, **changed):
        values = {name: changed.get(name, row[name]) for name in columns(older, table)}
        marks = ", ".join("?" * len(values))
        older.execute(f"INSERT OR REPLACE INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))

    for table in OWN:
        older.execute(f"DELETE FROM {table}")
        for row in newer.execute(f"SELECT * FROM {table}"):
            take(table, row)
    for filing in newer.execute("SELECT * FROM filings ORDER BY number"):
        number = older.execute("SELECT max(number) + 1 FROM filings").fetchone()[0]
        take("filings", filing, number=number)
        for table in NUMBERED:
            for row in newer.execute(f"SELECT * FROM {table} WHERE filing = ? ORDER BY rowid", [filing["number"]]):
                # The journal's own numbers follow on what is there.
                own = {"number": None} if "number" in row.keys() else {}
                take(table, row, filing=number, **own)
    older.commit()
    older.execute("PRAGMA journal_mode = DELETE")
    assert older.execute("PRAGMA foreign_key_check").fetchall() == []
    ids = [row[0] for row in older.execute("SELECT id FROM filings ORDER BY number")]
    older.close()
    newer.close()
    for end in ["-wal", "-shm"]:
        place.with_name(place.name + end).unlink(missing_ok=True)
    older_place.replace(place)
    print(json.dumps({"version": version, "filings": ids}))


main(Path(sys.argv[1]), Path(sys.argv[2]))

#!/usr/bin/env python3
"""Draws questions about a collection, the same every time: paths of the API, one a line.

    benches/load/draw.py DATA NUMBER

Of five, four ask for the comparables of a clause and one is a search for two or three words that stand
together in one. Reads the record store of the data directory DATA. Needs nothing but Python 3.9.
"""

import random
import re
import sqlite3
import sys
import urllib.parse
from pathlib import Path

LIVE = """SELECT c.id, w.text FROM clause_version v
    JOIN clause c ON c.key = v.clause
    JOIN wording w ON w.clause = v.clause AND w.number = v.wording
    WHERE v.clause >= ? AND v.to_generation IS NULL ORDER BY v.clause LIMIT 1"""


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    store = Path(sys.argv[1]) / "records.sqlite"
    drawn = random.Random(1)
    records = sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)
    (last,) = records.execute("SELECT max(key) FROM clause").fetchone()
    if last is None:
        sys.exit(f"{store} holds no clause")
    for number in range(int(sys.argv[2])):
        found = records.execute(LIVE, [drawn.randint(1, last)]).fetchone() or records.execute(LIVE, [1]).fetchone()
        if found is None:
            sys.exit(f"{store} holds no live clause")
        clause, text = found
        words = re.findall(r"[^\W\d_]{4,}", text)
        if number % 5 < 4 or not words:
            print(f"/v1/clauses/{urllib.parse.quote(clause)}/comparables")
            continue
        length = drawn.randint(2, 3)
        at = drawn.randrange(max(len(words) - length, 0) + 1)
        print("/v1/search?" + urllib.parse.urlencode({"q": " ".join(words[at : at + length])}))


if __name__ == "__main__":
    main()

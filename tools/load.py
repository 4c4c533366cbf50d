#!/usr/bin/env python3
"""Loads a served collection with many clients while records are written to it, and asks it to end.

    tools/load.py --binary target/release/crossclause --data DIR [--seconds 60] [--clients 16]

DIR is a data directory (it is copied, and the copy is written to). Prints latencies by kind of question,
what came back by status, the greatest memory of the server and how many generations were published.
Fails if anything but 200 and 503 comes back, if an answer breaks off, or if the server does not finish what
was begun when it is asked to end. Needs Python 3.9 and nothing beside it.
"""

import argparse
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

QUERIES = ["arbitration", "train machine learning models", "data retention", "cookies advertising", "refund", "class action waiver"]
# How many records each round of writing changes.
CHANGED = 400


class Tally:
    """What came back, over all clients."""

    def __init__(self):
        self.lock = threading.Lock()
        self.times = {}
        self.statuses = {}
        self.broken = []
        self.generations = set()

    def note(self, kind, status, took, generation):
        with self.lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == 200:
                self.times.setdefault(kind, []).append(took)
            if generation:
                self.generations.add(generation)

    def note_broken(self, what):
        with self.lock:
            self.broken.append(what)


def draw(chance, ids):
    """One question: its kind and its path."""
    clause = chance.choice(ids)
    kinds = [
        (60, "comparables", f"/v1/clauses/{clause}/comparables?limit=10"),
        (15, "search", "/v1/search?limit=10&q=" + chance.choice(QUERIES).replace(" ", "+")),
        (10, "clause", f"/v1/clauses/{clause}"),
        (5, "stats", "/v1/stats?by=category,severity"),
        (5, "page", f"/clauses/{clause}"),
        (5, "rows", "/v1/search.csv?limit=500&q=" + chance.choice(QUERIES).replace(" ", "+")),
    ]
    _, kind, path = chance.choices(kinds, [weight for weight, _, _ in kinds])[0]
    return kind, path


def ask(address, ids, tally, seed, ending):
    """One client on one connection, until the server is gone."""
    chance = random.Random(seed)
    connection = None
    while True:
        kind, path = draw(chance, ids)
        began = time.monotonic()
        begun = False
        try:
            if connection is None:
                connection = http.client.HTTPConnection(address, timeout=60)
                connection.connect()
            connection.request("GET", path)
            answer = connection.getresponse()
            begun = True
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            if connection is not None:
                connection.close()
            connection = None
            if begun:
                tally.note_broken(f"{path}: {error!r}")
            elif ending.is_set():
                return
            elif not isinstance(error, (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)):
                tally.note_broken(f"{path}: {error!r}")
            continue
        found = re.search(rb'"generation":(\d+)', body[:200])
        tally.note(kind, answer.status, time.monotonic() - began, found and int(found.group(1)))
        if answer.status == 503:
            time.sleep(float(answer.getheader("retry-after", "1")))


def write_rounds(binary, data, folder, records, stop, rounds):
    """Changes other records round after round, by the command line beside the server."""
    path = os.path.join(folder, "changed.ndjson")
    while not stop.is_set():
        number = len(rounds) + 1
        start = number * CHANGED % len(records)
        with open(path, "w", encoding="utf-8") as file:
            for record in (records + records)[start:start + CHANGED]:
                record = dict(record, text=f"{record['text']} Round {number}.")
                record.pop("evidence", None)
                file.write(json.dumps(record) + "\n")
        ended = subprocess.run([binary, "--data", data, "ingest", path], capture_output=True, text=True)
        if ended.returncode != 0:
            sys.exit(f"the ingest failed: {ended.stderr}")
        rounds.append(ended.stdout.strip())


def watch_memory(pid, stop, most):
    while not stop.is_set():
        try:
            with open(f"/proc/{pid}/status", encoding="ascii") as status:
                found = re.search(r"VmRSS:\s+(\d+) kB", status.read())
        except OSError:
            return
        if found:
            most[0] = max(most[0], int(found.group(1)))
        time.sleep(0.2)


def share(times, part):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * part))] * 1_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=16)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        shutil.copytree(given.data, data)
        exported = subprocess.run([given.binary, "--data", data, "export"], capture_output=True, check=True)
        records = [json.loads(line) for line in exported.stdout.splitlines()]
        ids = [record["id"] for record in records]
        server = subprocess.Popen(
            [given.binary, "--data", data, "serve", "--listen", "127.0.0.1:0", "--log", "warn"],
            stdout=subprocess.PIPE, text=True)
        address = server.stdout.readline().strip().rsplit("/", 1)[1]
        tally, stop, ending, most, rounds = Tally(), threading.Event(), threading.Event(), [0], []
        clients = [threading.Thread(target=ask, args=(address, ids, tally, seed, ending)) for seed in range(given.clients)]
        beside = [
            threading.Thread(target=write_rounds, args=(given.binary, data, folder, records, stop, rounds)),
            threading.Thread(target=watch_memory, args=(server.pid, stop, most)),
        ]
        began = time.monotonic()
        for thread in clients + beside:
            thread.start()
        time.sleep(given.seconds)
        ending.set()
        server.send_signal(signal.SIGTERM)
        for thread in clients:
            thread.join()
        code = server.wait(60)
        took = time.monotonic() - began
        stop.set()
        for thread in beside:
            thread.join()

    answered = sum(tally.statuses.values())
    print(f"{len(ids)} clauses, {given.clients} clients, {took:.0f} s: {answered} answers, {answered / took:.0f} a second")
    for kind, times in sorted(tally.times.items()):
        print(f"  {kind:12} {len(times):7} answers, p50 {share(times, 0.5):6.1f} ms, p99 {share(times, 0.99):6.1f} ms")
    print(f"statuses {dict(sorted(tally.statuses.items()))}, {len(rounds)} rounds of writing, {len(tally.generations)} generations seen")
    print(f"greatest memory {most[0] / 1024:.0f} MiB; it ended with {code}")
    faults = [f"status {status}" for status in tally.statuses if status not in (200, 503)]
    faults += [f"broken off: {what}" for what in tally.broken[:10]]
    if code != 0:
        faults.append(f"the server ended with {code}")
    if len(tally.generations) < 2 and len(rounds) > 1:
        faults.append("nothing that was written was seen")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What floors are worth: for sums of comparables, how many queries get a card and how many of the
first three cards are right, on all services and on the half that no word was learned on.

It reads what `crossclause eval --features FILE` wrote for a set of peers.
"""

import argparse
import json
import pathlib

from fit import is_unread

PRECISIONS = [0.65, 0.70, 0.75, 0.80, 0.85]
STEP = 100_000  # between two floors that are tried
GREATEST = (1 << 24) - 1


def read_cards(lines, weights, guard, keep):
    """For each query that has a right answer: members as (value, sum, platform, gain)."""
    queries = []
    for line in lines:
        if not keep(line["platform"]) or not line["ideal"] or line["ideal"][0] == 0:
            continue
        members = []
        for one in line["results"]:
            features = one["features"]
            if features and features["share"] >= guard and keep(one["platform"]):
                value = sum(weights[name] * features[name] for name in features)
                members.append((value, one["sum"], one["platform"], one["gain"] or 0))
        queries.append(sorted(members, reverse=True))
    return queries


def judge(queries, floor):
    """Share of the queries that get a card, and share of their first three cards that are right."""
    covered = cards = right = 0
    for members in queries:
        seen = set()
        for _, total, platform, gain in members:
            if total < floor or platform in seen:
                continue
            seen.add(platform)
            cards += 1
            right += gain
            if len(seen) == 3:
                break
        covered += bool(seen)
    return covered / len(queries), right / max(cards, 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=pathlib.Path, required=True)
    parser.add_argument("--search", type=pathlib.Path, required=True)
    parser.add_argument("features", type=pathlib.Path)
    given = parser.parse_args()
    weights = json.loads(given.weights.read_text())["comparables"]
    guard = json.loads(given.search.read_text())["comparables"]["guard"]
    lines = [json.loads(line) for line in given.features.read_text().splitlines()]
    for name, keep in [("all services", lambda platform: True), ("unread half", is_unread)]:
        queries = read_cards(lines, weights, guard, keep)
        table = [(floor, *judge(queries, floor)) for floor in range(STEP, 6_800_000, STEP)]
        print(f"{name}: {len(queries)} queries")
        for precision in PRECISIONS:
            found = [row for row in table if row[2] >= precision]
            if found:
                floor, covered, right = min(found)
                print(f"  {right:.3f} right from a sum of {floor}: {covered:.3f} of the queries get a card")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""What floors are worth: for sums of comparables, how many queries get a card and how many of the
first three cards are right: of all services, of queries of the half that no word was learned on,
and on that half alone.

It reads what `crossclause eval --features FILE` wrote for a set of peers, and can lay other weights
over the sums in it.
"""

import argparse
import json
import pathlib

from fit import is_unread

PRECISIONS = [0.65, 0.70, 0.75, 0.80, 0.85]
HALVINGS = 14
GREATEST = (1 << 24) - 1


class Sums:
    """What makes a sum of a member: weights of share and closeness, and agreement scaled."""

    def __init__(self, shipped, given):
        self.shipped = shipped
        self.share = given.share_weight or shipped["share_weight"]
        self.closeness = given.closeness_weight or shipped["closeness_weight"]
        self.agreement = given.scale_agreement
        self.guard = shipped["guard"] if given.guard is None else given.guard

    def of(self, one):
        if one["sum"] == GREATEST:
            return GREATEST
        share, closeness = one["features"]["share"], one["features"]["closeness"]
        agreement = one["sum"] - self.shipped["share_weight"] * share - self.shipped["closeness_weight"] * closeness
        return self.share * share + self.closeness * closeness + self.agreement * agreement


def read_cards(lines, weights, sums, asks, keep):
    """For each query that has a right answer: members as (value, sum, platform, gain)."""
    queries = []
    for line in lines:
        if not asks(line["platform"]) or not line["ideal"] or line["ideal"][0] == 0:
            continue
        members = []
        for one in line["results"]:
            features = one["features"]
            if features and features["share"] >= sums.guard and keep(one["platform"]):
                value = sum(weights[name] * features[name] for name in features)
                members.append((value, sums.of(one), one["platform"], one["gain"] or 0))
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


def find_floor(queries, precision):
    """The sum from which that share of the cards is right, by halving."""
    low, high = 0, GREATEST // 2
    for _ in range(HALVINGS):
        middle = (low + high) // 2
        if judge(queries, middle)[1] < precision:
            low = middle
        else:
            high = middle
    return high


def is_any(_platform):
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=pathlib.Path, required=True)
    parser.add_argument("--search", type=pathlib.Path, required=True)
    parser.add_argument("--share-weight", type=int)
    parser.add_argument("--closeness-weight", type=int)
    parser.add_argument("--scale-agreement", type=float, default=1.0, help="of the shipped weights of agreement")
    parser.add_argument("--guard", type=int)
    parser.add_argument("features", type=pathlib.Path)
    given = parser.parse_args()
    weights = json.loads(given.weights.read_text())["comparables"]
    sums = Sums(json.loads(given.search.read_text())["comparables"], given)
    lines = [json.loads(line) for line in given.features.read_text().splitlines()]
    groups = [
        ("all services", is_any, is_any),
        ("queries of the unread half, cards of all services", is_unread, is_any),
        ("unread half alone", is_unread, is_unread),
    ]
    for name, asks, keep in groups:
        queries = read_cards(lines, weights, sums, asks, keep)
        print(f"{name}: {len(queries)} queries")
        for precision in PRECISIONS:
            floor = find_floor(queries, precision)
            covered, right = judge(queries, floor)
            print(f"  {right:.3f} right from a sum of {floor}: {covered:.3f} of the queries get a card")


if __name__ == "__main__":
    main()

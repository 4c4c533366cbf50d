#!/usr/bin/env python3
"""Fits the weights of the ranking, index-schema/ranking-v1.json, on judged sets.

It reads what `crossclause eval --features FILE` wrote: for each query the first 300 results with
their features and gains. Weights are whole numbers, found one after the other on a fixed ladder of
steps (coordinate ascent on nDCG@10). Folds are by case, so that a weight is judged on cases that it
did not see. Words of the classifier were learned on half of the services; whatever touches its
features is therefore fitted and judged on the other half alone.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np

FEATURES = ["share", "density", "closeness", "consensus", "same_type", "shared_type", "other_type"]
LADDER = [0, 5, 10, 15, 20, 30, 40, 50, 60, 80, 100, 130, 160, 200, 250, 300, 400]
NEGATIVE = {"other_type"}
DEPTH = 10
LOOKED_AT = 120  # results that are sorted out by platform to find the first ten
FOLDS = 5
ROUNDS = 2
DISCOUNT = 1 / np.log2(np.arange(2, DEPTH + 2))


class Set:
    """Queries of one kind, as arrays of queries times results."""

    def __init__(self, lines, grouped, keep=None):
        kept = keep or (lambda platform: True)
        lines = [line for line in lines if line["platform"] is None or kept(line["platform"])]
        names = {}
        rows = []
        for line in lines:
            results = [one for one in line["results"] if one["features"] and kept(one["platform"])]
            if not grouped:
                results = [one for one in results if one["gain"] is not None]
            rows.append(results)
        most = max(len(results) for results in rows)
        count = len(lines)
        self.grouped = grouped
        self.features = np.zeros((count, most, len(FEATURES)), np.float32)
        self.gains = np.zeros((count, most), np.float32)
        self.platforms = np.full((count, most), -1, np.int32)
        self.there = np.zeros((count, most), bool)
        self.sums = np.zeros((count, most), np.float64)
        for at, results in enumerate(rows):
            for place, one in enumerate(results):
                self.features[at, place] = [one["features"][name] / 65536 for name in FEATURES]
                self.gains[at, place] = one["gain"] or 0
                self.platforms[at, place] = names.setdefault(one["platform"], len(names))
                self.there[at, place] = True
                self.sums[at, place] = one["sum"]
        self.labels = [line["labels"][0] if line["labels"] else line["query"] for line in lines]
        if grouped:
            # The best possible answer among what is kept: as many right cards as platforms that have one.
            ideals = np.zeros(count)
            for at, results in enumerate(rows):
                right = len({one["platform"] for one in results if one["gain"]})
                ideals[at] = DISCOUNT[: min(DEPTH, right)].sum()
            self.ideals = ideals
        if keep is None or not grouped:
            ideals = [(np.array(line["ideal"]) * DISCOUNT[: len(line["ideal"])]).sum() for line in lines]
            self.ideals = np.array(ideals)
        self.ideals = np.maximum(self.ideals, 1e-9)

    def cards(self, values, chosen=None):
        """For each query the places of the first results, one a platform, and whether there is one."""
        chosen = np.arange(len(self.ideals)) if chosen is None else chosen
        values = np.where(self.there[chosen], values, -1e9)
        order = np.argsort(-values, axis=1, kind="stable")[:, :LOOKED_AT]
        rows = chosen[:, None]
        platforms, there = self.platforms[rows, order], self.there[rows, order]
        if self.grouped:
            equal = platforms[:, :, None] == platforms[:, None, :]
            again = (equal & np.tri(order.shape[1], k=-1, dtype=bool)[None]).any(2)
            there = there & ~again
        ranks = np.cumsum(there, axis=1)
        return order, there & (ranks <= DEPTH), ranks

    def ndcg(self, weights, chosen=None):
        """nDCG@10 of each chosen query."""
        chosen = np.arange(len(self.ideals)) if chosen is None else chosen
        order, shown, ranks = self.cards(self.features[chosen] @ np.array(weights, np.float32), chosen)
        gains = self.gains[chosen[:, None], order] * shown
        discounts = np.where(shown, DISCOUNT[np.clip(ranks, 1, DEPTH) - 1], 0)
        return (gains * discounts).sum(1) / self.ideals[chosen]


def fit(data, weights, names, chosen=None):
    """Coordinate ascent over the ladder, feature by feature."""
    weights = list(weights)
    best = data.ndcg(weights, chosen).mean()
    for _ in range(ROUNDS):
        before = best
        for name in names:
            at = FEATURES.index(name)
            sign = -1 if name in NEGATIVE else 1
            steps = [step * sign for step in LADDER]
            near = min(range(len(steps)), key=lambda place: abs(steps[place] - weights[at]))
            for step in steps[max(0, near - 3) : near + 4]:
                tried = weights.copy()
                tried[at] = step
                value = data.ndcg(tried, chosen).mean()
                # A step must be worth its noise.
                if value > best + 2e-4:
                    best, weights = value, tried
        if best <= before:
            break
    return weights, best


def fold_of(label):
    return int(hashlib.sha256(label.encode()).hexdigest()[:8], 16) % FOLDS


def judge_folds(data, start, names):
    """nDCG@10 by fits that did not see the case asked for."""
    folds = np.array([fold_of(label) for label in data.labels])
    values = np.zeros(len(folds))
    for fold in range(FOLDS):
        weights, _ = fit(data, start, names, np.where(folds != fold)[0])
        asked = np.where(folds == fold)[0]
        values[asked] = data.ndcg(weights, asked)
        print(f"  fold {fold}: {dict(zip(FEATURES, weights))} -> {values[asked].mean():.4f}", flush=True)
    return values


def is_unread(platform):
    """The half of the services on which no word of the classifier was learned."""
    return int(hashlib.sha256(platform.encode()).hexdigest()[0], 16) % 2 == 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=pathlib.Path, help="features of a set of peers")
    parser.add_argument("--queries", type=pathlib.Path, help="features of a set of queries")
    parser.add_argument("--weights", type=pathlib.Path, required=True, help="the file of weights, renewed")
    parser.add_argument("--dry", action="store_true", help="print, and leave the file as it is")
    given = parser.parse_args()
    schema = json.loads(given.weights.read_text())

    def start_of(kind):
        return [schema[kind][name] for name in FEATURES]

    def read(path):
        return [json.loads(line) for line in path.read_text().splitlines()]

    if given.peers:
        lines = read(given.peers)
        everything = Set(lines, True)
        unread = Set(lines, True, is_unread)
        start = start_of("comparables")
        texts = ["closeness", "consensus", "share"]
        types = ["same_type", "shared_type", "other_type"]
        print(f"peers: {len(everything.labels)} queries, {len(unread.labels)} of them on the unread half")
        print(f"the weights given: {everything.ndcg(start).mean():.4f}, unread half alone {unread.ndcg(start).mean():.4f}")
        without = [weight if name not in types else 0 for name, weight in zip(FEATURES, start)]
        print("without types, folds by case, all services:")
        print(f"  {judge_folds(everything, without, texts).mean():.4f}")
        print("with types, folds by case, unread half of the services alone:")
        print(f"  {judge_folds(unread, start, texts + types).mean():.4f}")
        base = unread.ndcg(without).mean()
        print(f"  (there without types: {base:.4f})")
        weights, value = fit(unread, start, texts + types)
        print(f"all cases of the unread half: {dict(zip(FEATURES, weights))} -> {value:.4f}")
        print(f"these weights, all services: {everything.ndcg(weights).mean():.4f}")
        schema["comparables"].update(zip(FEATURES, map(int, weights)))
    if given.queries:
        data = Set(read(given.queries), False)
        start = start_of("search")
        names = ["closeness", "consensus", "density"]
        print(f"queries: {len(data.labels)}")
        print(f"  folds: {judge_folds(data, start, names).mean():.4f}")
        weights, value = fit(data, start, names)
        print(f"all: {dict(zip(FEATURES, weights))} -> {value:.4f}")
        schema["search"].update(zip(FEATURES, map(int, weights)))
    if not given.dry:
        given.weights.write_text(json.dumps(schema, indent=2) + "\n")


if __name__ == "__main__":
    main()

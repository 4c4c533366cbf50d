#!/usr/bin/env python3
"""What each part of the ranking gives: asks the judged sets under other weights, one variant after
the other, and prints a row of each. Takes a minute and a half a variant.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

NONE = {
    "share": 0,
    "density": 0,
    "closeness": 0,
    "consensus": 0,
    "same_type": 0,
    "shared_type": 0,
    "other_type": 0,
    "first": 5,
}
TYPES = ["same_type", "shared_type", "other_type"]


def list_variants(shipped):
    """Names and weights. A variant of comparables and one of search are asked in one run."""
    untyped = {**shipped["comparables"], **dict.fromkeys(TYPES, 0)}
    search = shipped["search"]

    def of(comparables, searched):
        return {**shipped, "comparables": {**NONE, **comparables}, "search": {**NONE, **searched}}

    yield "share", of({"share": 1}, {"share": 1})
    yield "share and twice the closeness", of({"share": 100, "closeness": 200}, {"share": 100, "closeness": 200})
    yield (
        "density and closeness, as shipped",
        of({**untyped, "consensus": 0}, {**search, "consensus": 0}),
    )
    for first in [3, 5, 8, 12]:
        yield f"and consensus of the first {first}", of({**untyped, "first": first}, {**search, "first": first})
    yield "without expansion", {**shipped, "expansion": {**shipped["expansion"], "most": 0}}
    yield "shipped", shipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=pathlib.Path, required=True)
    parser.add_argument("--crossclause", default="crossclause", help="the program")
    parser.add_argument("sets", type=pathlib.Path, nargs="+")
    given = parser.parse_args()
    shipped = json.loads(given.weights.read_text())
    with tempfile.TemporaryDirectory() as scratch:
        variant = pathlib.Path(scratch) / "ranking.json"
        for name, weights in list_variants(shipped):
            variant.write_text(json.dumps(weights))
            command = [given.crossclause, "--ranking", variant, "eval", "--json", *given.sets]
            reports = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            figures = [f"{report['rankings'][0]['ndcg_at_10']['mean']:.4f}" for report in reports]
            print(f"| {name} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()

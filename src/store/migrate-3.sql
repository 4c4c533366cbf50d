-- From version 2 to version 3: indexes of what stands that say all that counting asks for. Without the last column
-- SQLite looks at every row, although the index holds no other rows.

DROP INDEX live_clause_of_document;
DROP INDEX live_clause_of_platform;
CREATE INDEX live_clause_of_document ON clause_version (document, to_generation) WHERE to_generation IS NULL;
CREATE INDEX live_clause_of_platform ON clause_version (platform, to_generation) WHERE to_generation IS NULL;

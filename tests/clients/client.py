"""The Python client that is generated from the description, asked for clauses and for what is not there."""

import sys

from crossclause_client import Client
from crossclause_client.api.clauses import compare_text
from crossclause_client.api.lists import read_platform
from crossclause_client.api.search import count_clauses, search_clauses
from crossclause_client.models import (
    AttributeName,
    Code,
    ComparablesAnswer,
    ComparablesRequest,
    Problem,
    SearchAnswer,
    SeverityValue,
    StatsAnswer,
)

client = Client(base_url=sys.argv[1])

found = search_clauses.sync(client=client, q="binding arbitration", severity=[SeverityValue.HIGH], limit=5)
assert isinstance(found, SearchAnswer), found
assert found.hits, found.no_match
assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
assert all(hit.clause.severity == "high" for hit in found.hits)
assert found.hits[0].clause.clause_type == "binding-arbitration", found.hits[0].clause
assert found.hits[0].clause.collection is not None
assert found.counts.clauses >= len(found.hits)

counts = count_clauses.sync(client=client, by=[AttributeName.SEVERITY])
assert isinstance(counts, StatsAnswer), counts
assert sum(row.clauses for row in counts.rows) == counts.clauses, "a clause has one severity"

pasted = compare_text.sync(
    client=client, body=ComparablesRequest(text="We may use what you post to train our models.", limit=2)
)
assert isinstance(pasted, ComparablesAnswer), pasted
assert len(pasted.cards or []) == 2

missing = read_platform.sync("quilhaven", client=client)
assert isinstance(missing, Problem), missing
assert missing.code == Code.PLATFORM_NOT_FOUND and missing.suggestion == "quillhaven"
print(f"{found.counts.clauses} clauses of high severity; {found.hits[0].clause.id} first")

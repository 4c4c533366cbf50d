// Which clauses, types and documents are worth looking at, asked of the API of any collection.

// Ids for the pages of a server.
export async function findIds(server, given = {}) {
  const read = async (path) => {
    const response = await fetch(server + path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response.json();
  };
  const count = async (id) => (await read(`/v1/clauses/${id}/comparables?limit=1`)).counts;

  // The clause with the most comparables among some that are typical of the widest types.
  async function findClause() {
    const types = (await read("/v1/clause-types?limit=100")).clause_types.sort((one, two) => two.platforms - one.platforms);
    let best = { clauses: -1 };
    for (const type of types.slice(0, 6)) {
      const { hits } = await read(`/v1/search?clause_type=${type.id}&limit=12`);
      for (const { clause } of hits) {
        const { clauses } = await count(clause.id);
        if (clauses > best.clauses) best = { id: clause.id, clauses };
      }
    }
    return best.id;
  }

  async function findUnique() {
    const { hits } = await read("/v1/search?limit=100");
    for (const { clause } of hits) {
      if ((await count(clause.id)).platforms === 0) return clause.id;
    }
    return null;
  }

  async function findChanged() {
    const { changes } = await read("/v1/changes?limit=100");
    const changed = changes.find(({ kind, wording_before: before }) => kind === "changed" && before);
    return changed ? changed.clause.id : null;
  }

  const clause = given.clause ?? await findClause();
  const record = await read(`/v1/clauses/${clause}`);
  const { cards } = await read(`/v1/clauses/${clause}/comparables?limit=1`);
  const document = given.document ?? record.document.id;
  const { clauses } = await read(`/v1/documents/${document}?limit=8`);
  return {
    clause,
    other: given.other ?? cards[0].clause.id,
    unique: await findUnique(),
    changed: await findChanged(),
    type: record.clause_type,
    category: record.categories[0],
    platform: record.platform.id,
    document,
    word: "arbitration",
    text: record.text,
    // A document to paste: several clauses with their headings.
    pasted: clauses.map(({ clause: { title }, text }, place) => `${place + 1}. ${title ?? "Clause"}\n\n${text}`).join("\n\n"),
  };
}

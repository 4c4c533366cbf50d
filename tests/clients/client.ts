// The TypeScript client that is generated from the description, asked for comparables and for what is not there.
import assert from "node:assert/strict";

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.d.ts";

const clause = "heartwick.tos.no-training";
const client = createClient<paths>({ baseUrl: process.argv[2] ?? "" });

const { data, error } = await client.GET("/v1/clauses/{id}/comparables", {
  params: { path: { id: clause }, query: { limit: 3, facets: ["severity", "platform"] } },
});
if (error) throw new Error(error.detail);
const cards: components["schemas"]["Card"][] = data.cards ?? [];
assert.equal(data.source.id, clause);
assert.equal(cards.length, 3);
assert.deepEqual(cards.map((card) => card.rank), [1, 2, 3]);
assert.equal(new Set(cards.map((card) => card.platform.id)).size, 3);
assert(cards.every((card) => card.match.score > 0.3 && card.clause.collection?.license));
assert(!cards.some((card) => card.platform.id === data.source.platform?.id));
const platforms = data.facets["platform"] ?? [];
assert.equal(platforms.length, data.counts.platforms);
assert.equal(data.no_match, null);

const next = await client.GET("/v1/clauses/{id}/comparables", {
  params: {
    path: { id: clause },
    query: { limit: 3, facets: ["severity", "platform"], cursor: data.next_cursor ?? "" },
  },
});
assert.equal(next.data?.cards?.[0]?.rank, 4);

const pasted = await client.POST("/v1/comparables", {
  body: { text: "We may use what you post to train our models.", severity: ["high", "medium"] },
});
assert((pasted.data?.counts.platforms ?? 0) > 0);

const counts = await client.GET("/v1/stats", { params: { query: { by: ["category", "severity"] } } });
assert.deepEqual(counts.data?.by, ["category", "severity"]);
assert(counts.data.rows.every((row) => row.category !== undefined && row.clauses > 0));

const wrong = await client.GET("/v1/platforms/{id}", { params: { path: { id: "quilhaven" } } });
assert.equal(wrong.response.status, 404);
assert.equal(wrong.error?.code, "platform_not_found");
assert.equal(wrong.error.suggestion, "quillhaven");
console.log(`${data.counts.platforms} platforms handle what ${clause} says; ${cards[0]?.platform.name} first`);

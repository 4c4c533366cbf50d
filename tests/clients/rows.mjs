// CSV as a reader from a registry takes it: as many rows as the JSON counts, whole cells, and no formula.
import assert from "node:assert/strict";

import Papa from "papaparse";

const [base, formula] = process.argv.slice(2);

async function read(path) {
  const response = await fetch(base + path);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  const { data, errors, meta } = Papa.parse(text, { header: true, skipEmptyLines: true });
  assert.deepEqual(errors, [], path);
  assert.equal(data.length, Number(response.headers.get("x-total-rows")), path);
  return { rows: data, columns: meta.fields };
}

const json = async (path) => (await fetch(base + path)).json();

const searched = await read("/v1/search.csv?limit=10000");
assert.equal(searched.rows.length, (await json("/v1/search")).counts.clauses);
assert.equal(new Set(searched.rows.map((row) => row.clause_id)).size, searched.rows.length);

const few = await read("/v1/search.csv?q=arbitration&severity=high");
assert.equal(few.rows.length, (await json("/v1/search?q=arbitration&severity=high")).counts.clauses);

const clause = "/v1/clauses/heartwick.tos.no-training/comparables";
const compared = await read(`${clause}.csv`);
const { counts, cards } = await json(`${clause}?limit=100`);
assert.equal(compared.rows.length, counts.cards);
assert.deepEqual(compared.rows.map((row) => row.excerpt), cards.map((card) => card.excerpt.text));
const each = await read(`${clause}.csv?group_by=none`);
assert.equal(each.rows.length, counts.clauses);

const counted = await read("/v1/stats.csv?by=category,severity");
const stats = await json("/v1/stats?by=category,severity");
assert.deepEqual(counted.columns, ["category", "severity", "clauses", "platforms"]);
assert.deepEqual(
  counted.rows.map((row) => [row.category, row.severity, Number(row.clauses), Number(row.platforms)]),
  stats.rows.map((row) => [row.category, row.severity, row.clauses, row.platforms]),
);

// The clause whose title and text are formulas.
const evil = searched.rows.find((row) => row.clause_id === formula);
assert.match(evil.title, /^'=HYPERLINK/);
assert.match(evil.excerpt, /^'@SUM/);
const starts = /^[=+\-@\t\r]/;
for (const row of [...searched.rows, ...compared.rows]) {
  for (const [name, cell] of Object.entries(row)) {
    assert(!starts.test(cell), `${row.clause_id}, ${name}: ${cell}`);
  }
  assert(row.license && row.attribution, `${row.clause_id} tells no licence`);
}
console.log(`${searched.rows.length}, ${few.rows.length}, ${compared.rows.length} and ${counted.rows.length} rows, no formula`);

// What Grafana's Infinity data source would read, by the very dashboard of docs/dashboards.md: its root
// selectors are JSONata, its CSV has columns by name.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

import jsonata from "jsonata";
import Papa from "papaparse";

const [base, path] = process.argv.slice(2);
const document = await readFile(path, "utf8");
const dashboard = JSON.parse(document.split("```json\n")[1].split("\n```")[0]);

async function fetchTarget(target) {
  const url = new URL(target.url.replace("${crossclause}", base));
  for (const { key, value } of target.url_options.params ?? []) url.searchParams.append(key, value);
  const response = await fetch(url, { method: target.url_options.method });
  assert.equal(response.status, 200, `${url}: ${await response.clone().text()}`);
  return response;
}

async function readRows(target) {
  const response = await fetchTarget(target);
  if (target.type === "csv") {
    const { data, errors } = Papa.parse(await response.text(), { header: true, skipEmptyLines: true });
    assert.deepEqual(errors, []);
    return data;
  }
  assert.equal(target.type, "json");
  return jsonata(target.root_selector).evaluate(await response.json());
}

const check = {
  string: (value) => value === null || typeof value === "string",
  number: (value) => value !== "" && Number.isFinite(Number(value)),
  timestamp: (value) => !Number.isNaN(Date.parse(value)),
};

const read = {};
for (const panel of dashboard.panels) {
  for (const target of panel.targets) {
    assert.deepEqual([target.source, target.parser, target.format], ["url", "backend", "table"]);
    const rows = await readRows(target);
    assert(Array.isArray(rows) && rows.length > 0, `${panel.title}: no rows`);
    for (const row of rows) {
      for (const { selector, text, type } of target.columns) {
        assert(selector in row, `${panel.title}: no ${selector}`);
        assert(check[type](row[selector]), `${panel.title}, ${text}: ${row[selector]} is no ${type}`);
      }
    }
    read[panel.id] = rows;
    console.log(`${panel.title}: ${rows.length} rows`);
  }
}

const json = async (path) => (await fetch(base + path)).json();
const stats = await json("/v1/stats?by=category,severity");
assert.equal(read[1].length, stats.rows.length);
const { adoption } = await json("/v1/clause-types/binding-arbitration");
assert.deepEqual(read[2].map((row) => row.share), [adoption.share]);
const { platforms_tracked: tracked } = (await json("/v1/search")).counts;
assert.equal(read[3].length, Math.min(tracked, 100));
assert.equal(read[5].length, (await json("/v1/clauses/heartwick.tos.no-training/comparables")).counts.cards);

// A consumer of oEmbed that knows nothing of this server but the address of a clause's page.
//
//   npm install @extractus/oembed-extractor@6.0.0                     in some directory, which is then the current one
//   node oembed.mjs http://127.0.0.1:7700 heartwick.tos.no-training    exits 0 if all holds

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const server = new URL(process.argv[2] ?? "http://127.0.0.1:7700").origin;
const id = process.argv[3] ?? "heartwick.tos.no-training";
const require = createRequire(join(process.cwd(), "here.js"));
const { extract } = await import(pathToFileURL(require.resolve("@extractus/oembed-extractor")));

// It finds the provider by the page's link element, since no list of providers has it.
const page = `${server}/clauses/${id}`;
const found = await extract(page, { maxwidth: 500, maxheight: 400 });
assert.equal(found.type, "rich");
assert.equal(found.version, "1.0");
assert.equal(found.provider_name, "Crossclause");
assert.ok(found.title && found.author_name, JSON.stringify(found));
assert.ok(Number(found.width) <= 500 && Number(found.height) <= 400, `${found.width} × ${found.height}`);
console.log(`ok: found by the page: ${found.title}`);

const source = found.html.match(/^<iframe src="([^"]+)"/)?.[1].replaceAll("&amp;", "&");
assert.ok(source?.startsWith(`${server}/embed/clauses/${id}`), found.html);
const frame = await fetch(source);
assert.equal(frame.status, 200);
assert.ok((await frame.text()).includes("How other platforms handle this"));
console.log(`ok: the frame is there: ${source}`);

// The same by the header, in the other format.
const header = (await fetch(page, { method: "HEAD" })).headers.get("link");
const xml = header.match(/<([^>]+)>; rel="alternate"; type="text\/xml\+oembed"/)?.[1];
const answer = await fetch(xml);
assert.equal(answer.headers.get("content-type"), "text/xml; charset=utf-8");
assert.match(await answer.text(), /<oembed><type>rich<\/type><version>1\.0<\/version>/);
console.log("ok: found by the header, as XML");

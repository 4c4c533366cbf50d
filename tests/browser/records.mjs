// Clauses for a server of tests, one a line: what is hard to show, and one whose wording changed.
//   node records.mjs before|after

import { fileURLToPath } from "node:url";

// A clause that changed: ID@1 and ID@2 are its wordings.
export const CHANGED = "oakmoor.terms.fees";

// A clause whose words look like markup, run on without a space, and go from right to left.
export const HARD = "oakmoor.terms.hard";

// A clause that nobody else has.
export const UNIQUE = "oakmoor.terms.unique";

const collection = { id: "browser-tests", license: "MIT OR Apache-2.0", attribution: "Invented for the tests in a browser" };
const document = { id: "oakmoor.terms", title: "Oakmoor Terms of Service", type: "terms-of-service", url: "https://oakmoor.example/terms" };
const platform = { id: "oakmoor", name: "Oakmoor & <Sons>" };

const before = [
  {
    id: CHANGED, platform, document, collection, language: "en", title: "Fees",
    text: "We may change our fees at any time with thirty days of notice by e-mail. If you do not agree with a new fee you may close your account before it takes effect and receive a refund of what you prepaid.",
    observed: { first_seen: "2024-02-01", last_seen: "2025-06-30" },
  },
  {
    id: HARD, platform, document, collection, language: "en", title: "</title><script>alert(1)</script> & \"quoted\" <b>bold</b>",
    text: `</textarea></p><script>alert("text")</script><img src=x onerror=alert(2)> ${"unbroken".repeat(40)} הסכם זה כפוף לבוררות מחייבת. We may change our fees at any time with thirty days of notice by e-mail & post.`,
    observed: { first_seen: "2024-02-01", last_seen: "2025-06-30" },
  },
  {
    id: UNIQUE, platform, document, collection, language: "en", title: "Harvest supper",
    text: "Gooseberry tart is brought to the harvest supper by whoever drew the longest straw at midsummer.",
    why_it_matters: "It binds nobody, and is here because no other platform says it.",
  },
];

const after = [
  {
    ...before[0],
    text: "We may change our fees at any time without notice. If you do not agree with a new fee you may close your account, and what you prepaid is forfeited.",
    observed: { first_seen: "2025-07-01", last_seen: "2026-05-01" },
  },
];

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const record of { before, after }[process.argv[2]]) console.log(JSON.stringify(record));
}

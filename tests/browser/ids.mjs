// What the tests look at: clauses of the demo, whose words they need not know by heart.
import { CHANGED, HARD, UNIQUE } from "./records.mjs";
import { CLAUSE, DOCUMENT } from "./text.mjs";

export const IDS = {
  // Thirteen comparables of twelve platforms, of two severities and four categories.
  clause: "lumenask.privacy.retention",
  other: "wheelshare.privacy.erase",
  // An analyst says why it matters.
  judged: "heartwick.tos.no-training",
  // Nobody else says that.
  unique: UNIQUE,
  changed: CHANGED,
  hard: HARD,
  type: "binding-arbitration",
  category: "dispute-resolution",
  platform: "heartwick",
  document: "heartwick.tos",
  word: "arbitration",
  text: CLAUSE,
  pasted: DOCUMENT,
};

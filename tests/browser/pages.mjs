// Every page, and how one comes to it.

// How what is pasted is sent.
export const AS_CLAUSE = "Compare it as one clause";
export const AS_DOCUMENT = "Divide it into clauses";

// All pages, each with a name. `pasted` is what goes into the box for texts, in place of an address.
export function listPages(ids) {
  const query = (pairs) => `/?${new URLSearchParams(pairs)}`;
  return [
    { name: "start", path: "/" },
    { name: "search", path: query({ q: ids.word }) },
    { name: "search-platforms", path: query({ q: ids.word, group_by: "platform", sort: "severity" }) },
    { name: "search-category", path: query({ category: ids.category, severity: "medium" }) },
    { name: "search-nothing", path: query({ q: `${ids.word} gooseberry marmalade`, severity: "low" }) },
    { name: "clause", path: `/clauses/${ids.clause}` },
    { name: "clause-filtered", path: `/clauses/${ids.clause}?severity=medium&fold=wording` },
    ...(ids.unique ? [{ name: "clause-unique", path: `/clauses/${ids.unique}` }] : []),
    ...(ids.changed ? [{ name: "clause-changed", path: `/clauses/${ids.changed}` }] : []),
    ...(ids.hard ? [{ name: "clause-hard", path: `/clauses/${ids.hard}` }] : []),
    { name: "compare", path: `/compare?${new URLSearchParams({ a: ids.clause, b: ids.other })}` },
    ...(ids.changed
      ? [{ name: "compare-wordings", path: `/compare?${new URLSearchParams({ a: `${ids.changed}@1`, b: `${ids.changed}@2` })}` }]
      : []),
    { name: "pasted-clause", pasted: ids.text, as: AS_CLAUSE },
    { name: "pasted-document", pasted: ids.pasted, as: AS_DOCUMENT },
    { name: "overview", path: "/overview" },
    { name: "clause-types", path: "/clause-types" },
    { name: "clause-type", path: `/clause-types/${ids.type}` },
    { name: "platform", path: `/platforms/${ids.platform}` },
    { name: "document", path: `/documents/${ids.document}` },
    { name: "builder", path: `/embed/builder?${new URLSearchParams({ clause: ids.clause })}` },
    { name: "builder-empty", path: "/embed/builder" },
    { name: "embed", path: `/embed/clauses/${ids.clause}`, isFrame: true },
    { name: "docs", path: "/docs" },
    { name: "docs-errors", path: "/docs/errors" },
    { name: "not-found", path: "/clauses/nobody.has.this", status: 404 },
    { name: "nowhere", path: "/nowhere", status: 404 },
  ];
}

// Goes to a page, and gives the answer that it came with.
export async function visit(page, { path, pasted, as }) {
  return path ? page.goto(path) : paste(page, pasted, as);
}

// Puts a text into the box for texts of the start page and sends it.
export async function paste(page, text, as) {
  await page.goto("/");
  const box = page.getByRole("search");
  await openBox(page);
  await box.getByRole("textbox", { name: /document/ }).fill(text);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === "POST" && response.request().isNavigationRequest()),
    box.getByRole("button", { name: as }).click(),
  ]);
  await page.waitForLoadState();
  return answer;
}

// Opens the box for texts, if it is not.
export async function openBox(page) {
  const box = page.locator("details#paste");
  if (!(await box.evaluate((details) => details.open))) {
    await page.getByRole("search").getByText("Paste a clause or a whole document").click();
  }
}

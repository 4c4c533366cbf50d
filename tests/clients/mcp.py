"""Asks Crossclause over the Model Context Protocol with the official Python SDK.

    python mcp.py http BASE_URL             a running server, `crossclause demo` for example
    python mcp.py stdio BINARY DATA_DIR     the command, over a collection with the demo's records

Needs `pip install mcp`. Every check is made twice: in the protocol's first way, which begins with
`initialize`, and in that of 2026-07-28, which has no beginning.
"""

import asyncio
import importlib.metadata
import json
import os
import sys
import urllib.request

# This file has the SDK's name, and its folder comes first.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [path for path in sys.path if os.path.abspath(path) != HERE]

from mcp import Client, MCPError, StdioServerParameters  # noqa: E402

TOOLS = ["search_clauses", "find_comparables", "get_clause", "compare_clauses", "list_clause_types"]
SOURCE = "heartwick.tos.no-training"
ABSENCE = "is not proof that a platform has none"
TEXT = "We do not use your photographs or messages to train artificial intelligence."


class Bench:
    """A connected client, and what it found to be right."""

    def __init__(self, client):
        self.client = client
        self.checks = 0

    def check(self, truth, message):
        assert truth, message
        self.checks += 1

    async def ask(self, tool, **arguments):
        """A tool's answer as data and text. The SDK holds the data against the tool's schema."""
        result = await self.client.call_tool(tool, arguments)
        text = result.content[0].text
        self.check(not result.is_error, f"{tool} {arguments}: {text}")
        self.check(isinstance(result.structured_content, dict), f"{tool} answers without data")
        return result.structured_content, text

    async def refuse(self, expected, tool, **arguments):
        """What a tool says is wrong with a call: an answer for the model, no error of the protocol."""
        result = await self.client.call_tool(tool, arguments)
        text = result.content[0].text
        self.check(result.is_error, f"{tool} {arguments} is answered: {text}")
        self.check(expected in text, f"{tool} {arguments}: {expected!r} is not in {text!r}")


def ids(found):
    return [one["clause"]["id"] for one in found["results"]]


async def check_tools(bench):
    info = bench.client.server_info
    bench.check(info.name == "crossclause" and info.version, f"it calls itself {info}")
    bench.check("legal advice" in (bench.client.instructions or ""), "the instructions lack a caution")
    tools = (await bench.client.list_tools()).tools
    bench.check([tool.name for tool in tools] == TOOLS, f"tools are {[tool.name for tool in tools]}")
    for tool in tools:
        hints = tool.annotations
        bench.check(hints.read_only_hint and hints.idempotent_hint, f"{tool.name} is not said to only read")
        bench.check(hints.open_world_hint is False, f"{tool.name} is said to reach into the world")
        bench.check(tool.input_schema["additionalProperties"] is False, f"{tool.name} takes anything")
        bench.check(tool.output_schema["type"] == "object", f"{tool.name} does not say what it answers")


async def check_search(bench):
    found, text = await bench.ask("search_clauses", query="binding arbitration", severity=["high"], limit=3)
    bench.check(len(found["results"]) == 3 < found["counts"]["clauses"], f"{found['counts']}")
    for one in found["results"]:
        bench.check(one["clause"]["severity"] == "high", f"{one['clause']['id']} is not of high severity")
        cited = [one["platform"]["name"], one["clause"]["document"]["title"], one["citation"]["wording"]]
        cited += [one["evidence"]["text_sha256"], one["clause"]["collection"]["license"]]
        cited += [one["clause"]["collection"]["attribution"], one["evidence"]["source_url"]]
        for word in cited:
            bench.check(word and word in text, f"{one['clause']['id']}: {word!r} is not told: {text}")
    bench.check(f"generation {found['generation']}" in text, "the generation is not told")
    every = ids(found)
    while found["next_cursor"]:
        found, _ = await bench.ask(
            "search_clauses", query="binding arbitration", severity=["high"], limit=20, cursor=found["next_cursor"]
        )
        every += ids(found)
    bench.check(len(set(every)) == len(every) == found["counts"]["clauses"], f"paging brings {every}")

    found, text = await bench.ask("search_clauses", query="zeppelin quaggas")
    bench.check(found["results"] == [] and found["no_match"]["reason"] == "below_floor", f"{found}")
    bench.check(ABSENCE in text and ABSENCE in found["note"], text)
    await bench.refuse("`severity` cannot be `hihg` (did you mean `high`?)", "search_clauses", severity=["hihg"])
    await bench.refuse("did you mean `severity`?", "search_clauses", sevrity=["high"])
    await bench.refuse("a whole number from 1 to 20", "search_clauses", limit=100)


async def check_comparables(bench):
    found, text = await bench.ask("find_comparables", clause_id=SOURCE, limit=5)
    bench.check(found["source"]["id"] == SOURCE and found["counts"]["platforms"] >= 3, f"{found['counts']}")
    platforms = [one["platform"]["id"] for one in found["results"]]
    bench.check(len(set(platforms)) == len(platforms) and "heartwick" not in platforms, f"{platforms}")
    bench.check(all(one["match"]["tier"] for one in found["results"]), "a comparable without a tier")
    bench.check(found["results"][0]["citation"]["wording"] in text, text)

    pasted, text = await bench.ask("find_comparables", text=TEXT, text_language="en", min_score=0.3)
    bench.check(pasted["source"]["clause_type"] == "ai-training", f"{pasted['source']}")
    bench.check(pasted["counts"]["clauses"] > 0 and "ai-training" in text, text)

    found, text = await bench.ask("find_comparables", text="The lighthouse keeper's orchard bears quinces.")
    bench.check(found["results"] == [] and ABSENCE in text, text)
    await bench.refuse("there is no clause `nobody`", "find_comparables", clause_id="nobody")
    await bench.refuse("cannot both be given", "find_comparables", clause_id=SOURCE, text=TEXT)
    await bench.refuse("`min_score` cannot be `7`", "find_comparables", clause_id=SOURCE, min_score=7)


async def check_clause(bench):
    found, text = await bench.ask("get_clause", clause_id=SOURCE)
    bench.check(found["id"] == SOURCE and found["text"] in text, text)
    bench.check(found["citation"]["text"] in text and found["collection"]["license"] in text, text)
    bench.check(found["counts"]["platforms"] > 0 and found["stability"]["wordings"] >= 1, f"{found}")
    await bench.refuse("there is no clause `nobody`", "get_clause", clause_id="nobody")
    await bench.refuse("`clause_id` is missing", "get_clause")

    templates = (await bench.client.list_resource_templates()).resource_templates
    bench.check([one.uri_template for one in templates] == ["crossclause://clauses/{id}"], f"{templates}")
    read = await bench.client.read_resource(f"crossclause://clauses/{SOURCE}")
    bench.check(found["text"] in read.contents[0].text, f"{read}")
    try:
        await bench.client.read_resource("crossclause://clauses/nobody")
        bench.check(False, "a clause that is not there is read")
    except MCPError as error:
        bench.check("nobody" in str(error), f"{error}")


async def check_comparison(bench):
    comparables, _ = await bench.ask("find_comparables", clause_id=SOURCE, limit=1)
    other = ids(comparables)[0]
    found, text = await bench.ask("compare_clauses", **{"from": SOURCE, "to": other})
    first, _ = await bench.ask("get_clause", clause_id=SOURCE)
    second, _ = await bench.ask("get_clause", clause_id=other)
    of = lambda *ops: "".join(part["text"] for part in found["parts"] if part["op"] in ops)
    bench.check(of("equal", "delete") == first["text"], "the parts do not make the first text")
    bench.check(of("equal", "insert") == second["text"], "the parts do not make the second text")
    bench.check(found["only_from"] and found["both"], f"{found}")
    for statement in found["only_from"]:
        bench.check(statement["quote"] in first["text"] and statement["label"] in text, f"{statement}")
    same, text = await bench.ask("compare_clauses", **{"from": f"{SOURCE}@1", "to": SOURCE})
    bench.check(same["words_deleted"] == same["words_inserted"] == 0 and "the same" in text, text)
    await bench.refuse("there is no clause `nobody`", "compare_clauses", **{"from": "nobody", "to": SOURCE})
    await bench.refuse("has no wording 99", "compare_clauses", **{"from": f"{SOURCE}@99", "to": SOURCE})


async def check_types(bench):
    everything, _ = await bench.ask("list_clause_types")
    bench.check(len(everything["clause_types"]) == everything["total"] > 100, f"{everything['total']}")
    found, text = await bench.ask("list_clause_types", category="dispute-resolution", query="arbitr")
    row = next(one for one in found["clause_types"] if one["id"] == "binding-arbitration")
    bench.check(row["definition"] in text and row["clauses"] > 0, text)
    counted, _ = await bench.ask("search_clauses", clause_type=["binding-arbitration"], limit=1)
    bench.check(counted["counts"]["clauses"] == row["clauses"], f"{row} and {counted['counts']}")
    bench.check(counted["counts"]["platforms"] == row["platforms"], f"{row} and {counted['counts']}")
    nothing, text = await bench.ask("list_clause_types", query="zeppelin")
    bench.check(nothing["clause_types"] == [] and "No clause type" in text, text)
    await bench.refuse("did you mean `dispute-resolution`?", "list_clause_types", category="dispute-resolutoin")


async def check_protocol(bench):
    try:
        await bench.client.call_tool("delete_clauses", {})
        bench.check(False, "a tool that is not there is called")
    except MCPError as error:
        bench.check("there is no such tool" in str(error), f"{error}")
    # Many at once, each with its own answer.
    names = [row["id"] for row in (await bench.ask("list_clause_types"))[0]["clause_types"][:20]]
    asked = [bench.client.call_tool("search_clauses", {"clause_type": [name], "limit": 1}) for name in names]
    for name, result in zip(names, await asyncio.gather(*asked)):
        for one in result.structured_content["results"]:
            types = [one["clause"]["clause_type"], *one["clause"]["other_clause_types"]]
            bench.check(name in types, f"{name} is answered with {types}")


async def compare_with_api(bench, base):
    """Over HTTP the same question has the same counts as in the API."""
    with urllib.request.urlopen(f"{base}/v1/clauses/{SOURCE}/comparables?limit=5") as answer:
        api = json.load(answer)
    found, _ = await bench.ask("find_comparables", clause_id=SOURCE, limit=5)
    bench.check(found["counts"] == api["counts"], f"{found['counts']} and {api['counts']}")
    bench.check(ids(found) == [card["clause"]["id"] for card in api["cards"]], "other clauses than the API's")


async def main(how, *where):
    if how == "http":
        (base,) = where
        server = f"{base.rstrip('/')}/mcp"
    else:
        binary, data = where
        server = StdioServerParameters(command=binary, args=["mcp", "--data", data])
    for mode in ["legacy", "auto"]:
        async with Client(server, mode=mode, read_timeout_seconds=60) as client:
            bench = Bench(client)
            expected = "2026-07-28" if mode == "auto" else "2025-11-25"
            bench.check(client.protocol_version == expected, f"{mode} is {client.protocol_version}")
            for check in [
                check_tools,
                check_search,
                check_comparables,
                check_clause,
                check_comparison,
                check_types,
                check_protocol,
            ]:
                await check(bench)
            if how == "http":
                await compare_with_api(bench, base.rstrip("/"))
        version = importlib.metadata.version("mcp")
        print(f"ok: mcp {version} over {how}, protocol {expected}: {bench.checks} checks")


if __name__ == "__main__":
    if len(sys.argv) != {"http": 3, "stdio": 4}.get(sys.argv[1] if len(sys.argv) > 1 else "", 0):
        sys.exit(__doc__)
    asyncio.run(main(*sys.argv[1:]))

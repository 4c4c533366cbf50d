"""What schemathesis cannot know: ids that are held, languages that are known, cursors that were issued.

The description gives the form of such values; whether one exists is told by the server alone. So positive
cases take theirs from the server, and made-up ones are left to negative cases. Beside the checks of
schemathesis, every answer must carry its id, every error be a whole problem, and every next page be there.
"""

import json
import os
import zlib

import requests
import schemathesis

BASE = os.environ["CROSSCLAUSE_URL"]
CODES = set(requests.get(f"{BASE}/v1/openapi.json", timeout=20).json()["components"]["schemas"]["Code"]["enum"])
PLATFORMS = [
    platform["id"] for platform in requests.get(f"{BASE}/v1/platforms?limit=100", timeout=20).json()["platforms"]
]
LANGUAGES = requests.get(f"{BASE}/v1/search?language=qqq", timeout=20).json()["allowed"]
HELD = {"platform": PLATFORMS, "exclude_platform": PLATFORMS, "language": LANGUAGES, "text_language": LANGUAGES}


def hold(name, value):
    """A value in place of a made-up one, the same for the same."""
    if isinstance(value, list):
        return [hold(name, one) for one in value]
    if value is None:
        return None
    known = HELD[name]
    return known[zlib.crc32(str(value).encode("utf-8", "replace")) % len(known)]


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for values in (case.query, case.body):
        if not isinstance(values, dict):
            continue
        values.pop("cursor", None)
        for name in HELD:
            if name in values:
                values[name] = hold(name, values[name])


@schemathesis.serializer("application/x-ndjson")
def write_lines(context, value):
    """Records come as the text that they are, whatever it is made of."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else json.dumps(value).encode()


def header(response, name):
    return "".join(response.headers.get(name.lower(), [""])[:1])


@schemathesis.check
def every_answer_has_an_id(context, response, case):
    assert header(response, "X-Request-Id"), "no X-Request-Id"


@schemathesis.check
def every_error_is_a_problem(context, response, case):
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    if response.request.path_url.startswith("/embed/") and response.status_code != 405:
        # A frame tells what is wrong to the people who see it.
        assert header(response, "Content-Type").startswith("text/html"), header(response, "Content-Type")
        return
    assert header(response, "Content-Type") == "application/problem+json", header(response, "Content-Type")
    problem = json.loads(response.content)
    assert problem["code"] in CODES, problem
    assert problem["status"] == response.status_code, problem
    assert problem["request_id"] == header(response, "X-Request-Id"), problem
    assert len(problem["detail"]) > 10, problem


@schemathesis.check
def every_next_page_is_there(context, response, case):
    link = header(response, "Link")
    if response.status_code != 200 or not link:
        return
    target = link[link.index("<") + 1 : link.index(">")]
    page = requests.get(BASE + target, timeout=20)
    assert page.status_code == 200, f"{page.status_code} {target}"
    assert page.content != response.content, f"the same page: {target}"

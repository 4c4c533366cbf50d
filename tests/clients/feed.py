"""The feed as a feed reader takes it."""

import sys

import feedparser

feed = feedparser.parse(f"{sys.argv[1]}/feeds/changes.atom?limit=100")
assert not feed.bozo, feed.bozo_exception
assert feed.version == "atom10", feed.version
assert feed.entries and all(entry.link and entry.updated_parsed and entry.rights for entry in feed.entries)
print(f"{len(feed.entries)} entries")

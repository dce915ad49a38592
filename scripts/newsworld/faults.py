"""What must be in the database after a crawl of a world that misbehaves, article by article."""

import json
from collections import Counter, defaultdict
from urllib.parse import urlsplit

from .world import listings

# Faults that a second try, patience or a good reader of charsets heals.
HEALING = {None, "500-once", "503-retry-after", "429-retry-after", "slow-first-byte", "redirect-chain", "wrong-charset", "no-charset"}
# robots.txt that can't be read: nothing of the outlet may be fetched (RFC 9309 section 2.3.1.4).
UNREADABLE = {"503", "timeout"}

REASONS = """
    SELECT DISTINCT ON (url) url, status, outcome, error_class, error FROM news.fetches ORDER BY url, started_at DESC"""
MET = """
    SELECT DISTINCT d.url FROM news.discoveries d
     WHERE d.verdict = 'enqueued'
       AND NOT EXISTS (SELECT FROM news.fetches f WHERE f.url = d.url)
       AND NOT EXISTS (SELECT FROM crawl.aliases a WHERE a.url = d.url)
       AND NOT EXISTS (SELECT FROM news.articles a WHERE a.url = d.url)
       AND NOT EXISTS (SELECT FROM crawl.jobs j WHERE j.url = d.url)"""
WAITING = """
    SELECT j.url, j.attempt, h.last_error FROM crawl.jobs j JOIN crawl.hosts h ON h.id = j.host_id WHERE j.interval_seconds IS NULL"""


# A byline that stays in the text is a matter of extraction and costs less than this; a cut or misread page costs more.
RIGHT = 0.95


def likeness(text, truth):
    """F1 of the runs of five characters; 1 only for the same text."""
    if text == truth:
        return 1
    ours, theirs = ({t[i:i + 5] for i in range(len(t) - 4)} for t in (text, truth))
    return min(0.999, 2 * len(ours & theirs) / max(1, len(ours) + len(theirs)))


class Judge:
    """Compares a database with the truth and the plan of faults; says what is wrong and remembers that it did."""

    def __init__(self, sokbo, world):
        self.sokbo, self.articles, self.outlets = sokbo, world.articles(), world.outlets()
        self.faults, self.hosts = world.faults()
        self.unreadable = {o["slug"] for o in self.outlets if self.hosts.get(o["ip"], {}).get("robots") in UNREADABLE}
        self.is_well = True

    def wrong(self, what, examples):
        if examples:
            self.is_well = False
            print(f"WRONG: {len(examples)} {what}")
            for example in examples[:8]:
                print(f"    {example}")

    def judge(self):
        """Prints what was found; answers whether all of it is as it must be."""
        self.stored = self.sokbo.rows("SELECT url, title, body FROM news.articles")
        self.reasons = {row["url"]: row for row in self.sokbo.rows(REASONS)}
        self.waiting = {row["url"]: row for row in self.sokbo.rows(WAITING)}
        self.judge_healthy()
        self.judge_others()
        self.judge_addresses()
        return self.is_well

    def is_healthy(self, url):
        return self.articles[url]["outlet"] not in self.unreadable and self.faults.get(url) in HEALING

    def judge_healthy(self):
        bodies = {row["url"]: row["body"] for row in self.stored}
        healthy = [url for url in self.articles if self.is_healthy(url)]
        found = [url for url in healthy if url in bodies]
        print(f"articles to be had   {len(healthy)}, with faults that heal: {self.count(u for u in healthy if u in self.faults)}")
        print(f"stored of these      {len(found)}")
        self.wrong("articles are missing", [f"{self.faults.get(u)}: {u}: {self.reason(u)}" for u in healthy if u not in bodies])
        scores = {u: likeness(bodies[u], "\n\n".join(self.articles[u]["paragraphs"])) for u in found}
        print(f"texts to the letter  {sum(score == 1 for score in scores.values())}")
        for u in [u for u in found if RIGHT <= scores[u] < 1][:8]:
            print(f"    {u}: {self.difference(u, bodies[u])}")
        altered = [u for u in found if scores[u] < RIGHT]
        self.wrong("articles have another text", [f"{self.faults.get(u)}: {u}: {self.difference(u, bodies[u])}" for u in altered])

    def difference(self, url, body):
        truth, stored = self.articles[url]["paragraphs"], body.split("\n\n")
        return f"without {[p[:60] for p in truth if p not in stored][:2]}, with {[p[:60] for p in stored if p not in truth][:2]}"

    def judge_others(self):
        bodies = {row["url"]: row["body"] for row in self.stored}
        others = [u for u in self.articles if not self.is_healthy(u) and self.articles[u]["outlet"] not in self.unreadable]
        print(f"articles not to be had {self.count(others)}")
        for kind in sorted({self.faults[u] for u in others}):
            reasons = Counter(self.short_reason(u) for u in others if self.faults[u] == kind and u not in bodies)
            print(f"    {kind}: " + ", ".join(f"{n} x {reason}" for reason, n in reasons.most_common()))
        spoilt = [u for u in others if u in bodies and bodies[u] != "\n\n".join(self.articles[u]["paragraphs"])]
        self.wrong("broken pages are stored as articles", [f"{self.faults[u]}: {u}" for u in spoilt])
        self.wrong("articles have no reason", [f"{self.faults[u]}: {u}" for u in others if u not in bodies and not self.reason(u)])
        strangers = [u for u in bodies if u not in self.articles]
        self.wrong("rows are no articles of the world", strangers)
        self.wrong("rows are doubles", [u for u, n in Counter(row["url"] for row in self.stored).items() if n > 1])
        forbidden = [u for u in bodies if u in self.articles and self.articles[u]["outlet"] in self.unreadable]
        self.wrong("articles come from outlets whose robots.txt was never read", forbidden)

    def judge_addresses(self):
        """Of listings and of whatever else was met: each was of use, waits, or has a reason."""
        silent = []
        for outlet in self.outlets:
            for url in sum(listings(outlet, with_home=True).values(), []):
                row = self.reasons.get(canonical(url))
                is_right = bool(row) and (row["outcome"] != "failed" or bool(row["error_class"] and row["error"]))
                if outlet["slug"] in self.unreadable:
                    is_right = bool(row) and row["error_class"] == "robots"
                if not is_right:
                    silent.append(f"{url}: {row}")
        self.wrong("listings have no or a wrong reason", silent)
        self.wrong("addresses that were met were never asked and have no job", [row["url"] for row in self.sokbo.rows(MET)])
        dumb = [u for u, row in self.reasons.items() if row["outcome"] == "failed" and not (row["error_class"] and row["error"])]
        self.wrong("failed exchanges say nothing", dumb)
        self.wrong("jobs wait for no reason", [u for u in self.waiting if not self.reason(u)])
        print(f"jobs that wait       {len(self.waiting)}")

    def reason(self, url):
        """Why there is no article, as SQL tells it; empty where it doesn't."""
        row, job = self.reasons.get(url), self.waiting.get(url)
        if row and row["outcome"] == "failed":
            return f'{row["error_class"]}: {row["error"]}' + (" (waits)" if job else "")
        if row and row["status"] in (404, 410):
            return f'status {row["status"]}'
        return f'host: {job["last_error"]} (waits)' if job and job["last_error"] else ""

    def short_reason(self, url):
        return (self.reason(url) or "NONE").split(":")[0] + (", waits" if url in self.waiting else "")

    def count(self, urls):
        kinds = Counter(self.faults.get(u) for u in urls)
        return ", ".join(f"{n} {kind}" for kind, n in sorted(kinds.items(), key=str))


def canonical(url):
    """As Sokbo writes these addresses: parameters in order."""
    parts = urlsplit(url)
    return parts._replace(query="&".join(sorted(parts.query.split("&")))).geturl()


def without_the_left(world, log, patience, kills, until=float("inf")):
    """Writes the world's log anew to `log`: its server sleeps over requests that it answers slowly or never, and does not
    see that the client has left, because it was killed or after its `patience` for a first byte and for a whole answer, so
    it counts them as open for too long."""
    by_host = defaultdict(list)
    for line in open(world.state / "requests.jsonl"):
        row = json.loads(line)
        if row["t"] >= until:
            continue
        if row.get("fault") in SILENT or row.get("aborted"):
            # The client's clock starts before its request is stamped here.
            left = [row["t"] - STAMPED_LATE + patience[row.get("fault") not in SILENT]] + [at for at in kills if at > row["t"]]
            row["end"] = min(row["end"], *left)
        by_host[row["host"]].append(row)
    with open(log, "w") as out:
        for rows in by_host.values():
            for row in rows:
                row["inflight"] = sum(other["t"] <= row["t"] < other["end"] for other in rows if other is not row) + 1
                out.write(json.dumps(row) + "\n")


STAMPED_LATE = 0.5
SILENT = {"never-answers", "robots-timeout", "slow-first-byte"}

# What the front page of a misbehaving outlet links to; given to the crawler by hand as well.
TRAPS = ["/calendar/2026/03/", "/hop/4", "/hop/40", "/loop/a", "/bomb.html", "/huge.html", "/headers.html", "/story/no-such-story-999999.html"]
# The reason that each must have.
TRAP_REASONS = {"/calendar/2026/03/": {"content"}, "/hop/4": {"content"}, "/hop/40": {"redirect"}, "/loop/a": {"redirect"},
                "/bomb.html": {"too_large"}, "/huge.html": {"too_large"}, "/headers.html": {"protocol", "content"},
                "/story/no-such-story-999999.html": {"content"}}


def judge_traps(sokbo, bases):
    """Whether each trap of these outlets was asked and left with the right reason."""
    reasons = {row["url"]: row for row in sokbo.rows(REASONS)}
    wrong = []
    for base in bases:
        for path, expected in TRAP_REASONS.items():
            row = reasons.get(base + path)
            if not row or row["error_class"] not in expected:
                wrong.append(f"{base}{path}: {row}")
    print(f"traps                {len(bases) * len(TRAPS)}, {len(wrong)} wrong")
    for example in wrong[:8]:
        print(f"    WRONG: {example}")
    return not wrong

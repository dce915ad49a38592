"""The synthetic news world: generated, served, and what is known of it."""

import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

ZONES = {"ko": "Asia/Seoul", "ja": "Asia/Tokyo", "de": "Europe/Berlin", "en": "UTC"}
NETWORKS = ["127.20.0.0/15"]


class World:
    """`tool` is the folder with generate.py, serve.py and check_politeness.py; `folder` is written."""

    def __init__(self, tool, folder):
        self.tool, self.folder = Path(tool), Path(folder)
        self.state = self.folder.with_name(self.folder.name + ".state")
        self._log, self._count = None, 0

    def _python(self, script, *args, **kwargs):
        return subprocess.run([sys.executable, str(self.tool / script), *map(str, args)], **kwargs)

    def generate(self, *args):
        self._python("generate.py", "--out", self.folder, *args, check=True, stdout=subprocess.DEVNULL)

    def serve(self, *args):
        """Starts the server; it is to be stopped by stop()."""
        self._python("serve.py", "--world", self.folder, "--detach", *args, check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self._python("serve.py", "--world", self.folder, "--stop", check=False, stdout=subprocess.DEVNULL)

    def serve_fast(self):
        """Starts the world's nginx as a child, with no more open files than this machine allows."""
        done = self._python("serve.py", "--world", self.folder, "--print-config", check=True, stdout=subprocess.PIPE, text=True)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        config = re.sub(r"worker_rlimit_nofile \d+", f"worker_rlimit_nofile {most}", done.stdout)
        config = re.sub(r"open_file_cache max=\d+", f"open_file_cache max={most // 8}", config)
        (self.state / "tmp").mkdir(parents=True, exist_ok=True)
        (self.state / "nginx.conf").write_text(config)
        # Workers must read a world that lies in a folder which only root may enter.
        user = ["-g", "user root;"] if os.geteuid() == 0 else []
        nginx = subprocess.Popen(["nginx", "-p", self.state, "-c", self.state / "nginx.conf", "-e", self.state / "error.log", *user])
        time.sleep(1)
        if nginx.poll() is not None:
            raise SystemExit(f"nginx did not start (Debian: nginx-light); see {self.state}/error.log")
        return nginx

    def politeness(self, *args):
        """The verdict of the world's own judge over the server's log: whether all is well, and its words."""
        done = self._python("check_politeness.py", "--world", self.folder, "--agent", "sokbo", *args, capture_output=True, text=True)
        return done.returncode == 0, done.stdout + done.stderr

    def outlets(self):
        return json.loads((self.folder / "outlets.json").read_text(encoding="utf-8"))

    def articles(self):
        """The truth of each article by its address."""
        with open(self.folder / "truth.jsonl", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return {row["canonical"]: row for row in rows if row["kind"] == "article"}

    def faults(self):
        """What misbehaves: {article: fault}, {outlet's address: {"robots"|"feeds"|"sitemaps": fault}}."""
        pages, hosts = {}, {}
        for line in open(self.state / "faults.jsonl"):
            row = json.loads(line)
            if "url" in row:
                pages[row["url"]] = row["fault"]
            else:
                hosts.setdefault(row["ip"], {})[row["what"]] = row["fault"]
        return pages, hosts

    def requests(self):
        """How many requests the server has written down so far."""
        if self._log is None:
            try:
                self._log = open(self.state / "requests.jsonl", "rb")
            except OSError:
                return 0
        while chunk := self._log.read(1 << 20):
            self._count += chunk.count(b"\n")
        return self._count

    def in_flight(self):
        """The most requests that the server had open at once, over all hosts."""
        edges = []
        for line in open(self.state / "requests.jsonl"):
            row = json.loads(line)
            edges += [(row["t"], 1), (row["end"], -1)]
        most = now = 0
        for _, step in sorted(edges):
            now += step
            most = max(most, now)
        return most


def listings(outlet, with_home=False):
    """The addresses that a source file names, by key."""
    sections = [s["url"] for s in outlet["sections"]] + ([outlet["base"] + "/"] if with_home else [])
    named = {"sections": sections, "feeds": [outlet["feed"]], "sitemaps": [outlet["sitemap"]]}
    return {key: [url for url in urls if url] for key, urls in named.items()}


def write_config(folder, world, crawler, fetch=None, with_home=False):
    """Writes config/sokbo.toml and a source file for each outlet; values are TOML."""
    sources = folder / "config" / "sources"
    sources.mkdir(parents=True)
    crawler = {"data_dir": json.dumps(f"{folder}/data"), **crawler}
    fetch = {"allow_networks": json.dumps(NETWORKS), **(fetch or {})}
    tables = {"crawler": crawler, "fetch": fetch, "http": {"listen": '""'}}
    text = "".join(f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in table.items()) for name, table in tables.items())
    (folder / "config" / "sokbo.toml").write_text(text)
    for outlet in world.outlets():
        hosts = [outlet["mobile"]["ip"]] if outlet["mobile"] else []
        keys = {"name": outlet["slug"], "home": outlet["base"] + "/", "language": outlet["lang"],
                "timezone": ZONES[outlet["lang"]], "hosts": hosts, **listings(outlet, with_home)}
        (sources / f'{outlet["slug"]}.toml').write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in keys.items()))

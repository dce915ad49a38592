"""A Postgres server of one's own for a check: it outlives the nodes, and its CPU time can be told."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def binaries():
    """The folder of initdb and postgres: on PATH, or where Debian and others put them."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "postgres").exists():
            return folder
    raise SystemExit("initdb is missing: install Postgres 15 or newer (Debian: postgresql)")


class Postgres:
    """Runs from `with` to the end of its block, on a socket in a temporary folder only."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sokbo-pg-"))
        # Postgres refuses to run as root.
        self.account = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self.account:
            shutil.chown(self.folder, "postgres", "postgres")
        where, data = binaries(), self.folder / "data"
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self._run([where / "initdb", "-D", data, "-U", "sokbo", "--auth=trust", "--encoding=UTF8", "--no-sync"], env)
        options = ["listen_addresses=", "shared_buffers=128MB", "max_connections=100", "max_wal_size=2GB", "wal_compression=on",
                   "random_page_cost=1.1", "jit=off", "autovacuum_naptime=10s", "timezone=UTC", "log_min_messages=warning"]
        command = [where / "postgres", "-D", data, "-k", self.folder] + [x for o in options for x in ("-c", o)]
        self.log = open(self.folder / "log", "w")
        self.server = subprocess.Popen([str(c) for c in command], env=env, cwd="/", stdout=self.log, stderr=self.log,
                                       start_new_session=True, **self.account)
        create = [where / "createdb", "-h", self.folder, "-U", "sokbo", "sokbo"]
        for _ in range(100):
            if subprocess.run([str(c) for c in create], capture_output=True).returncode == 0:
                break
            time.sleep(0.1)
        else:
            self.__exit__()
            raise SystemExit("Postgres did not start")
        self.url = f"postgresql:///sokbo?host={self.folder}&user=sokbo"
        return self

    def _run(self, command, env):
        subprocess.run([str(c) for c in command], check=True, env=env, cwd="/", stdout=subprocess.DEVNULL, **self.account)

    def cpu_seconds(self):
        """Of the server, its backends that live and those that have ended."""
        mine, total = self.server.pid, 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(stat.parent.name) == mine:
                total += sum(int(x) for x in fields[11:15])
            elif int(fields[1]) == mine:
                total += sum(int(x) for x in fields[11:13])
        return total / TICKS

    def __exit__(self, *_):
        self.server.terminate()  # smart shutdown would wait for clients; those have ended or are to be dropped
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            self.server.send_signal(3)
            self.server.wait(20)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

"""What the benchmarks start: machines on one switch or this one, nodes of bdist, the daemons of what people use today, and a browser."""
import json, os, re, shutil, subprocess, sys, time, urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
WORK = Path(os.environ.get("BENCH_DIR", "/dev/shm/bdist-fanout"))
BDIST = Path(os.environ.get("BDIST", HERE.parent / "artifacts/linux-x64/bdist"))
PREFIX, PORT = "bf", 18800
STARTED = []


class Hosts:
    """So many machines: on one switch at a rate, or all of them this machine."""

    def __init__(self, count, rate=None):
        self.rate = rate
        if rate:
            subprocess.run([HERE / "network/up", PREFIX, str(count), f"{rate}mbit"], check=True)
            for i in range(count):
                subprocess.run([*self.on(i), "ip", "route", "add", "224.0.0.0/4", "dev", "eth0"], check=True)

    def on(self, i): return ["ip", "netns", "exec", f"{PREFIX}{i}"] if self.rate else []
    def address(self, i): return f"10.78.0.{10 + i}" if self.rate else "127.0.0.1"
    def limit(self, size): return size * 8 / (self.rate * 1e6 * 0.957)

    def close(self):
        for process in STARTED: process.kill()
        for process in STARTED: process.wait()
        STARTED.clear()
        if self.rate: subprocess.run([HERE / "network/down", PREFIX], check=True)


def start(command, log):
    with open(WORK / log, "w") as out: process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    STARTED.append(process)
    return process


class Run:
    """A command that has ended: its seconds, its processor time, its peak memory in MiB, what it said."""

    def __init__(self, commands, while_running=lambda: None):
        begin, jobs = time.monotonic(), []
        for n, command in enumerate(commands):
            with open(WORK / f"run-{n}.out", "w") as out: jobs.append(subprocess.Popen([str(part) for part in command], stdout=out, stderr=subprocess.STDOUT))
        while_running()
        self.memory = self.processor = 0
        for job in jobs:
            _, status, usage = os.wait4(job.pid, 0)
            job.returncode = os.waitstatus_to_exitcode(status)
            self.memory = max(self.memory, usage.ru_maxrss >> 10)
            self.processor += usage.ru_utime + usage.ru_stime
        self.seconds = time.monotonic() - begin
        self.exits = [job.returncode for job in jobs]
        self.text = (WORK / "run-0.out").read_text()

    def events(self, kind): return [event for event in map(json.loads, filter(lambda line: line.startswith("{"), self.text.splitlines())) if event["event"] == kind]


class Bdist:
    """A coordinator (with the origin on host 0) and destinations on hosts 1 to n."""

    def __init__(self, hosts, count, ui="off"):
        self.hosts, self.count, self.runs = hosts, count, 0
        self.coordinator_at = f"{hosts.address(0)}:{PORT}"
        self.config = WORK / "node.conf"
        # The peers encrypt nothing, so nor does this.
        self.config.write_text(f'backup {{\nui = off\nsecurity.insecure = true\nrun.rejoin-wait = 1s\nlog.folder = "{WORK}/logs"\norigin.record-folder = "{WORK}/state"\ncoordinator.data = "{WORK}/record"\n}}\n')
        shutil.rmtree(WORK / "record", ignore_errors=True)
        self.coordinator = start([*hosts.on(0), BDIST, "coordinator", "--listen", self.coordinator_at, "--ui", ui, *self.common()], "coordinator.out")
        time.sleep(1.5)
        self.destinations = []
        for i in range(1, count + 1):
            self.destinations.append(start([*hosts.on(i), BDIST, "destination", "--root", self.root(i), "--name", f"d{i}", "--coordinator", self.coordinator_at,
                                            "--listen", f"{hosts.address(i)}:{PORT + (0 if hosts.rate else i)}", *self.common()], f"destination-{i}.out"))
            self.wait_for(i)

    def page(self): return re.search(r"page: (\S+)", (WORK / "coordinator.out").read_text()).group(1)
    def common(self, output="plain"): return ["--config", self.config, "--output", output]
    def root(self, i): return WORK / f"bdist-{i}"

    def wait_for(self, count):
        for _ in range(200):
            asked = subprocess.run([*self.hosts.on(0), BDIST, "status", "--coordinator", self.coordinator_at, *self.common("json")], capture_output=True, text=True)
            if f'"connected":{count},' in asked.stdout: return
            time.sleep(0.2)
        sys.exit(f"the destinations did not come up; see {WORK}/*.out")

    def copy(self, source, name=None, copies=None, extra=(), while_running=lambda: None, keep=False, output="plain", exits=(0,)):
        self.runs += 1
        name, copies = name or f"run{self.runs}", copies or self.count
        run = Run([[*self.hosts.on(0), BDIST, "origin", source, "--name", name, "--copies", copies, "--coordinator", self.coordinator_at, *self.common(output), *extra]], while_running)
        if run.exits[0] not in exits: sys.exit(f"not protected:\n{run.text[-2000:]}")
        if not keep:
            for i in range(1, self.count + 1): subprocess.run(["diff", "-rq", source, self.root(i) / name / "latest/"], check=True)
            for i in range(1, self.count + 1): shutil.rmtree(self.root(i) / name, ignore_errors=True)
        return run


class Pages:
    """A browser (Debian's Chromium) with so many pages open, which has what others leave of the processors: people look from machines of their own."""

    def __init__(self, url, count):
        port = PORT + 90
        self.browser = start(["chrt", "--idle", "0", "chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}", f"--user-data-dir={WORK}/chromium", "about:blank"], "chromium.out")
        for n in range(count + 1):
            for _ in range(100):
                try:
                    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/json/new?{url if n == 0 else url.split('?')[0]}", method="PUT")).read()
                    break
                except OSError: time.sleep(0.2)
            # The first one has the key, and takes the cookie for all.
            time.sleep(3 if n == 0 else 0.3)
        time.sleep(10)

    def close(self):
        self.browser.terminate()
        self.browser.wait()
        STARTED.remove(self.browser)


class Rsync:
    """A daemon at each destination, and as many `rsync -a` in parallel."""

    def __init__(self, hosts, count):
        self.hosts, self.count = hosts, count
        for i in range(1, count + 1):
            self.clear(i)
            conf = WORK / f"rsync-{i}.conf"
            conf.write_text(f"use chroot = no\nuid = {os.getuid()}\ngid = {os.getgid()}\n[copy]\npath = {WORK}/rsync-{i}\nread only = no\n")
            start([*hosts.on(i), "rsync", "--daemon", "--no-detach", f"--port={PORT + 100 + i}", f"--config={conf}"], f"rsync-{i}.out")
        time.sleep(1)

    def clear(self, i):
        shutil.rmtree(WORK / f"rsync-{i}", ignore_errors=True)
        (WORK / f"rsync-{i}").mkdir()

    def copy(self, source, keep=False):
        run = Run([[*self.hosts.on(0), "rsync", "-a", f"{source}/", f"rsync://{self.hosts.address(i)}:{PORT + 100 + i}/copy/"] for i in range(1, self.count + 1)])
        if any(run.exits): sys.exit(f"rsync failed: {run.text}")
        if not keep:
            for i in range(1, self.count + 1): self.clear(i)
        return run


class Uftp:
    """Multicast: a receiver at each destination, one sender at the rate of the wire."""

    def __init__(self, hosts, count):
        self.hosts, self.count = hosts, count
        for i in range(1, count + 1):
            for folder in ("", "-temp"): (WORK / f"uftp-{i}{folder}").mkdir(exist_ok=True)
            start([*hosts.on(i), "uftpd", "-d", "-I", "eth0", "-D", WORK / f"uftp-{i}", "-T", WORK / f"uftp-{i}-temp", "-B", 4 << 20, "-U", f"0x0000000{i}"], f"uftp-{i}.out")
        time.sleep(1)

    def copy(self, source):
        file = next(source.iterdir())
        run = Run([[*self.hosts.on(0), "uftp", "-I", "eth0", "-B", 4 << 20, "-b", 1400, "-R", int(self.hosts.rate * 940), "-H", ",".join(f"0x0000000{i}" for i in range(1, self.count + 1)), file]])
        for i in range(1, self.count + 1):
            there = WORK / f"uftp-{i}" / file.name
            if run.exits != [0] or there.stat().st_size != file.stat().st_size: sys.exit(f"uftp failed:\n{run.text[-2000:]}")
            there.unlink()
        return run

"""What the parts of tools/bench share: the line that each prints, demonstration servers
that are measured, large databases kept below build/ until what makes them changes, and
what a process weighs."""
import hashlib, http.client, json, os, re, shutil, signal, socket, subprocess, sys, time, urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build")
LINLI = os.path.join(BUILD, "linli")
KEPT = os.path.join(BUILD, "bench")
KEPT_DAYS = 7  # what is open in a large database must not come due
short = 0


def missed(yes):
    global short
    short += yes


def line(name, value, unit, baseline, than, goal, most=False):
    """`most`: the ratio may not be larger than the goal; otherwise not smaller."""
    ratio = value / than
    short_of = ratio > goal if most else ratio < goal
    missed(short_of)
    figure = f"{value:.0f}" if value >= 100 else f"{value:.2f}"
    print(f"bench {name} {figure} {unit} {ratio:.2f} vs {baseline} {goal:.2f} {'short' if short_of else 'ok'}", flush=True)


def note(text):
    print(f"# {text}", flush=True)


def output(command, **more):
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **more)
    if result.returncode:
        raise SystemExit(f"bench: {os.path.basename(command[0])} failed:\n{result.stdout[-3000:]}")
    return result.stdout


def program(name):
    return os.path.join(BUILD, "tests", name)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Server:
    """One home's demonstration, served; people sign in by their account's number."""

    def __init__(self, home, database=None, options=(), log=None):
        self.home, self.options, self.process = home, options, None
        self.env = dict(os.environ, LINLI_HOME=home, LINLI_PORT="0",
                        LINLI_DB=database or os.path.join(home, "linli.db"))
        self.log = log or home.rstrip("/") + ".log"

    def init(self):
        os.makedirs(self.home, exist_ok=True)
        with open(self.log, "a", encoding="utf-8") as log:
            return subprocess.Popen([LINLI, "init", "--demo"], cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def start(self, before=()):
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([*before, LINLI, "serve", "--test-clock", *self.options], cwd=ROOT,
                                            env=self.env, stdout=subprocess.PIPE, stderr=log, text=True)
        for text in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", text)
            if found:
                self.port = int(found[1])
                self.reach = http.client.HTTPConnection("127.0.0.1", self.port)
                return self
        raise SystemExit("bench: the server did not start, see " + self.log)

    def stop(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
            self.process.stdout.close()
            self.process = None

    def ask(self, method, path, body=None, cookie=""):
        self.reach.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None,
                           {"X-Linli": "1", "Content-Type": "application/json", "Cookie": cookie})
        answer = self.reach.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"bench: {path}: {answer.status} {said.decode()}")
        return json.loads(said), answer

    def sign_in(self, account):
        return self.ask("POST", "/demo/sessions", {"account": account})[1].getheader("Set-Cookie").split(";")[0]

    def people(self):
        """The demonstration's people by login."""
        return {one["login"]: one["id"] for one in self.rows("SELECT id, login FROM accounts")}

    def rows(self, sql):
        import sqlite3
        reach = sqlite3.connect(f"file:{self.env['LINLI_DB']}?mode=ro", uri=True)
        reach.row_factory = sqlite3.Row
        try:
            return [{name: str(row[name]) for name in row.keys()} for row in reach.execute(sql)]
        finally:
            reach.close()


def weight(pid):
    """Resident and proportional memory in MB: a page that is mapped twice counts twice in the first."""
    found = {}
    for name in ("Rss", "Pss", "Pss_Anon"):
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as text:
            found[name] = int(re.search(rf"^{name}:\s+(\d+) kB", text.read(), re.M)[1]) / 1024
    return found


def pages_per_second(port, path, cookie="", seconds=2, connections=32):
    said = output(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-H", "Cookie: " + cookie, f"http://127.0.0.1:{port}{path}"])
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"bench: not every page was answered: {path}\n{said}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


# ---- the demonstration's county ----

COMMUNITY = "420602004008"
AREAS = {"county": COMMUNITY[:6], "street": COMMUNITY[:9], "community": COMMUNITY, "grid": COMMUNITY + "003"}
# By who may look at all of it; the demonstration's people.
READERS = {"county": "demo-hejing", "street": "demo-wuqiang", "community": "demo-zhoulan", "grid": "demo-zhoulan"}


class Side:
    """One of the two servers, and who asks there."""

    def __init__(self, name):
        self.server = Server(kept(name)).start()
        self.people, self.cookies = self.server.people(), {}

    def cookie(self, login):
        if login not in self.cookies:
            self.cookies[login] = self.server.sign_in(self.people[login])
        return self.cookies[login]

    def get(self, login, path):
        return self.server.ask("GET", path, cookie=self.cookie(login))[0]


def query(**words):
    return "/cases?" + urllib.parse.urlencode({name: value for name, value in words.items() if value})


# ---- large databases ----

def makers():
    """What the kept databases were made by: another content makes them anew."""
    digest = hashlib.sha256()
    for folder, ends in (("migrations", ".sql"), ("tests/bench", "case_fill.c"), ("src/app/demo", ".c"), ("scenes/snap", ".yaml")):
        for name in sorted(os.listdir(os.path.join(ROOT, folder))):
            if name.endswith(ends):
                with open(os.path.join(ROOT, folder, name), "rb") as file:
                    digest.update(file.read())
    return digest.hexdigest()[:16]


def fresh(folder):
    mark = os.path.join(folder, "made")
    return os.path.exists(mark) and time.time() - os.path.getmtime(mark) < KEPT_DAYS * 86400


def make(home, from_home, cases, accounts, *more):
    shutil.rmtree(home, ignore_errors=True)
    began = time.time()
    if from_home:
        shutil.copytree(from_home, home)
    server = Server(home)
    if not from_home and server.init().wait():
        raise SystemExit("bench: the demonstration was not made, see " + server.log)
    if cases:
        print(f"making {cases} cases, once …", file=sys.stderr)
        output([program("case-fill"), str(cases), str(accounts), *more], env=server.env)
    open(os.path.join(home, "made"), "w").close()
    note(f"{os.path.basename(home)}: made in {time.time() - began:.0f} s")


def kept(name):
    """The home of a database: "demo", "10000" or "1000000" cases, "1000000-open" ones."""
    folder = os.path.join(KEPT, makers())
    for other in os.listdir(KEPT) if os.path.isdir(KEPT) else []:
        if other != os.path.basename(folder):
            shutil.rmtree(os.path.join(KEPT, other))
    os.makedirs(folder, exist_ok=True)
    home = os.path.join(folder, name)
    if not fresh(home):
        cases, *more = ["0"] if name == "demo" else name.split("-")
        make(home, None if name == "demo" else kept("demo"), int(cases), 5000, *more)
    return home


def copied(name, folder):
    """To write in: what is kept stays as it is."""
    home = os.path.join(folder, name)
    shutil.copytree(kept(name), home, ignore=shutil.ignore_patterns("*.sock", "*-shm"))
    return Server(home)

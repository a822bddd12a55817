"""What the tests under load share: demonstration servers that may be killed, a load of
people who report and move cases by HTTP and never give up, one who listens to the live
stream, a ledger of what they were told, kept outside, and the checks that every answer is
true exactly once."""
import http.client, json, os, random, re, signal, sqlite3, struct, subprocess, sys, threading, time, zlib

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REPORTERS, PHOTOS = 8, 50  # of one person; sixty a day are allowed
PIECE_S = 0.05  # a photo is on its way for about 0.7 s
WHERE = {"lat": 32.0103, "lng": 112.1201, "source": "map", "words": "山水家园 3 栋", "area": "420602004008003"}
MOVES = [{"move": "accept"}, {"move": "start"}] + 4 * [{"move": "progress", "text": "在等材料"}]  # each tells one person


class Checks:
    """Each promise is said and counted; `name` tells the engine."""

    def __init__(self, name):
        self.name, self.passed, self.failed = name, 0, 0

    def __call__(self, good, says, detail=""):
        self.passed += bool(good)
        self.failed += not good
        print(f"{self.name}: {'ok' if good else 'FAILED'}  {says}" + (f": {detail}" if not good else ""), flush=True)
        return good

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


class Server:
    """One home; started, stopped, killed and frozen as often as wanted."""

    def __init__(self, build, home, **env):
        self.linli, self.home, self.process, self.port = os.path.join(build, "linli"), home, None, None
        self.log_path = os.path.join(home, "log")
        self.env = dict(os.environ, LINLI_HOME=home, LINLI_PORT="0", **env)

    def run(self, *words):
        return subprocess.run([self.linli, *words], env=self.env, cwd=ROOT, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def init(self):
        made = self.run("init", "--demo")
        if made.returncode:
            raise SystemExit("init failed:\n" + made.stdout[-3000:])

    def launch(self, clock=True):
        """Without `clock`: with every limit on, as people have it."""
        with open(self.log_path, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([self.linli, "serve", *(["--test-clock"] if clock else [])], env=self.env,
                                            cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=log)

    def start(self, clock=True):
        self.launch(clock)
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port = int(found[1])
                return self
        raise SystemExit("the server did not start:\n" + self.log()[-3000:])

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def said_of(self, events):
        """The log's last lines of events that begin so."""
        return [line for line in self.log().splitlines() if f'"event":"{events}' in line][-10:]

    def complaints(self):
        """What it said of its own faults, the last of it."""
        return [line for line in self.log().splitlines() if '"level":"error"' in line][-20:]

    def children(self):
        """Processes that it started and that live: the decoder."""
        try:
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as pids:
                own = pids.read().split()
            return own + [pid for task in os.listdir(f"/proc/{self.process.pid}/task") if task != str(self.process.pid)
                          for pid in open(f"/proc/{self.process.pid}/task/{task}/children", encoding="ascii").read().split()]
        except OSError:
            return []

    def socket(self):
        """The command line's way in."""
        return next(os.path.join(where, name) for where, _, names in os.walk(self.home) for name in names if name.endswith("socket") or name.endswith(".sock"))

    def end(self, number):
        if self.process:
            self.process.send_signal(number)
            if number == signal.SIGTERM:
                self.process.send_signal(signal.SIGCONT)
            self.process.wait(30)
            self.process.stdout.close()
        self.process = self.port = None

    def ready(self):
        return self.port and ask(self.port, "GET", "/readyz", api="")[0] == 200

    def ready_within(self, seconds):
        """How long it took; None: too long."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            if self.ready():
                return time.monotonic() - began
            time.sleep(0.02)
        return None


connections = threading.local()


def ask(port, method, path, body=None, cookie=None, key=None, kind="application/json", api="/api/v1", pieces=None, within_s=3):
    """(status, JSON, headers); status 0: no answer, so nobody knows."""
    kept = connections.__dict__.setdefault("kept", {})
    head = {"X-Linli": "1", **({"Cookie": cookie} if cookie else {}), **({"Idempotency-Key": key} if key else {})}
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    if data is not None:
        head["Content-Type"] = kind
    try:
        connection = kept.get(port) or http.client.HTTPConnection("127.0.0.1", port)
        kept[port] = connection
        connection.timeout = within_s
        if connection.sock:
            connection.sock.settimeout(within_s)
        if pieces:  # slowly, as over a bad line
            head["Content-Length"] = str(len(data))
            connection.request(method, api + path, (pieces(piece) for piece in cut(data)), head)
        else:
            connection.request(method, api + path, data, head)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, (json.loads(text) if "json" in (answer.headers.get("Content-Type") or "") else text), answer.headers
    except (OSError, http.client.HTTPException):
        if kept.pop(port, None):
            connection.close()
        return 0, None, {}


def with_postgres(command):
    """Beside a PostgreSQL of its own, which nobody kills: it need not wait for the disk."""
    env = dict(os.environ)
    env.setdefault("LINLI_PG_OPTIONS", "-c fsync=off")
    return subprocess.Popen(["tools/with-postgres", *command], cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)


def on_both(build, *options):
    """The same program with --engine SQLite and PostgreSQL, at once, since most of the time is spent waiting for disks."""
    me = [sys.executable, os.path.abspath(sys.argv[0]), build, *options, "--engine"]
    passed = failed = 0
    sqlite = subprocess.Popen([*me, "SQLite"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    for process in (with_postgres([*me, "PostgreSQL"]), sqlite):
        said = process.communicate()[0]
        print(said, end="")
        found = re.findall(r"^(\d+) passed, (\d+) failed$", said, re.M)
        passed += int(found[-1][0]) if found else 0
        failed += int(found[-1][1]) if found else 1
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def make_database(name):
    """The URL of a new one on that PostgreSQL."""
    url = os.environ["LINLI_TEST_PG"]
    subprocess.run(["psql", url, "-Xqc", f"CREATE DATABASE {name} TEMPLATE template0"], check=True)
    return url.rsplit("/", 1)[0] + "/" + name


def cut(data):
    return [data[at:at + 16384] for at in range(0, len(data), 16384)]


class Database:
    """Looked at past the program."""

    def __init__(self, where):
        self.where = where

    def rows(self, sql):
        if self.where.startswith("postgres"):
            said = subprocess.run(["psql", self.where, "-AtXq", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-c", sql], check=True,
                                  stdout=subprocess.PIPE, text=True).stdout
            return [tuple(line.split("\t")) for line in said.splitlines()]
        connection = sqlite3.connect(f"file:{self.where}?mode=ro", uri=True, timeout=10)
        found = [tuple(str(cell) for cell in row) for row in connection.execute(sql)]
        connection.close()
        return found

    def number(self, sql):
        return int(self.rows(sql)[0][0] or 0)


class Ledger:
    """Every answer that somebody was given, a line each, in a file of its own."""

    def __init__(self, path):
        self.path, self.lock = path, threading.Lock()
        self.file = open(path, "w", encoding="utf-8")

    def write(self, **told):
        with self.lock:
            self.file.write(json.dumps(told) + "\n")
            self.file.flush()

    def read(self):
        with open(self.path, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]


def picture(noise):
    """A PNG of its own, large by a comment."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + noise.randbytes(24) for _ in range(8))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)) +
            chunk(b"tEXt", b"Comment\0" + b"x" * 200000) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Reporter(threading.Thread):
    """One resident who reports, and the desk that works on it: each step is asked again
    with the same key, of whichever server answers, until somebody says it is done."""

    def __init__(self, load, number, cookie):
        super().__init__(daemon=True)
        self.load, self.number, self.cookie, self.step = load, number, cookie, 0
        self.asked = None  # what, how often, and what was said to it last
        self.noise = random.Random(number)

    def run(self):
        while not self.load.stopping:
            if self.load.photographs(self):
                self.send_photo()
            else:
                self.work_on_a_case()

    def send_photo(self):
        def slowly(piece):
            time.sleep(PIECE_S)
            return piece
        data = picture(self.noise)
        done = self.until_done("photo", "/photos", data, self.cookie, "image/png", slowly)
        if done:
            self.load.ledger.write(kind="photo", id=done["id"], by=self.number)

    def work_on_a_case(self):
        what = f"第 {self.number} 位的第 {self.step} 件"
        body = {"scene": "snap", "kind": "problem", "fields": {"category": "噪声扰民", "what": what, "where": WHERE}}
        case = self.until_done("open", "/cases", body, self.cookie)
        if not case:
            return
        self.load.ledger.write(kind="open", id=case["id"], what=what, by=self.number, key=self.key, body=body)
        for move in MOVES:
            moved = self.until_done("move", f"/cases/{case['id']}/moves", {**move, "version": case["version"]}, self.load.desk)
            if not moved:
                return
            case = moved
            self.load.ledger.write(kind="move", id=case["id"], move=move["move"], version=case["version"])

    def until_done(self, kind, path, body, cookie, media="application/json", pieces=None):
        self.load.gate(self)
        self.step += 1
        key = self.key = f"{kind}-{self.load.seed}-{self.number}-{self.step}"
        tries, said, status = 0, None, None
        while not self.load.given_up:
            for server in self.load.servers:
                port = server.port
                self.asked = (key, tries, status, said)
                status, said, heads = ask(port, "POST", path, body, cookie, key, media, pieces=pieces) if port else (0, None, {})
                if status in (200, 201):
                    self.load.count(tries)
                    return said
                if status not in (0, 503) or (status == 503 and not asks_for_patience(said, heads)):
                    self.load.strange.append((kind, status, said))
                    return None
                self.load.refused += status == 503
                tries += 1
            time.sleep(0.05)
        return None


class Listener(threading.Thread):
    """The desk's live stream, taken up again where it broke off.  An event counts once its line's
    number has come; what came before that is told again."""

    def __init__(self, load, database):
        super().__init__(daemon=True)
        self.load, self.lines, self.breaks, self.refused = load, [], 0, []
        self.last = "-".join(database.rows("SELECT county, seq FROM heads ORDER BY seq DESC LIMIT 1")[0])

    def run(self):
        while not self.load.stopping:
            port = self.load.servers[0].port
            try:
                if port:
                    self.listen(http.client.HTTPConnection("127.0.0.1", port, timeout=1))
            except (OSError, http.client.HTTPException, ValueError):
                pass
            time.sleep(0.05)

    def listen(self, connection):
        connection.request("GET", "/api/v1/live", headers={
            "Cookie": self.load.desk, "Accept": "text/event-stream", "Last-Event-ID": self.last})
        answer = connection.getresponse()
        if answer.status != 200:
            if answer.status != 503:
                self.refused.append(answer.status)
            return
        try:
            self.read(answer)
        finally:
            self.breaks += 1
            connection.close()

    def read(self, answer):
        number, kind, events = None, None, []
        while not self.load.stopping:
            try:
                line = answer.readline()
            except TimeoutError:  # nothing new, unless the server is gone or frozen
                return
            if not line:
                return
            word, _, value = line.decode().rstrip("\n").partition(": ")
            if word == "id":
                number = value
            elif word == "event":
                kind = value
            elif word == "data":
                events.append((kind, json.loads(value)))
            elif not word and number:
                self.lines.append((int(number.split("-")[1]), events))
                self.last, number, events = number, None, []

    def heard(self):
        """(case, version) → how often."""
        told = {}
        for _, events in list(self.lines):
            for kind, said in events:
                if kind == "case":
                    told[(said["case"], said["version"])] = told.get((said["case"], said["version"]), 0) + 1
        return told

    def check(self, check, ledger, when):
        """Every case and move that was acknowledged was heard of exactly once, in order."""
        wanted = {(one["id"], one.get("version", 1)) for one in ledger if one["kind"] in ("open", "move")}
        until = time.monotonic() + 5
        while not wanted <= self.heard().keys() and time.monotonic() < until:
            time.sleep(0.05)
        heard = self.heard()
        missing, twice = wanted - heard.keys(), [what for what, n in heard.items() if n != 1]
        numbers = [number for number, _ in self.lines]
        check(not missing and not twice and not self.refused,
              f"{when}: the live stream told of all {len(wanted)} exactly once", (len(missing), twice[:3], self.refused[:3]))
        check(numbers == sorted(set(numbers)), f"{when}: and in order")


def asks_for_patience(said, heads):
    """What whoever is refused for now is told: a sentence, and when to come again."""
    return bool(heads.get("Retry-After")) and bool(re.search("[\u4e00-\u9fff]{4}", (said or {}).get("detail", "")))


class Load:
    def __init__(self, servers, folder):
        self.servers, self.ledger = servers, Ledger(os.path.join(folder, "ledger"))
        self.seed = f"{random.getrandbits(40):010x}"
        self.stopping = self.given_up = False
        self.strange, self.done, self.again, self.refused, self.looked_at = [], 0, 0, 0, 0
        self.lock, self.open, self.waiting = threading.Condition(), True, set()
        port = servers[0].port
        people = ask(port, "GET", "/demo/people")[1]["items"]
        residents = [one["account"] for one in people if one["client"] == "resident"][:REPORTERS]
        self.desk = sign_in(port, next(one["account"] for one in people if one["title"] == "社区值守"))
        self.cookies = [sign_in(port, residents[i % len(residents)]) for i in range(REPORTERS)]
        self.photos_left = [PHOTOS] * len(residents)
        self.reporters = [Reporter(self, i, cookie) for i, cookie in enumerate(self.cookies)]

    def start(self):
        for one in self.reporters:
            one.start()

    def photographs(self, reporter):
        """One person at a time sends photos, until his day's share is used up."""
        turn = next((i for i, left in enumerate(self.photos_left) if left), None)
        if reporter.number != turn:
            return False
        self.photos_left[turn] -= 1
        return True

    def count(self, tries):
        with self.lock:
            self.done += 1
            self.again += tries > 0

    def gate(self, reporter):
        """Between two steps: waits while the others are looked at."""
        with self.lock:
            self.waiting.add(reporter)
            self.lock.notify_all()
            self.lock.wait_for(lambda: self.open or self.stopping)
            self.waiting.discard(reporter)

    def pause(self, seconds=30):
        """True when everybody has been answered and stands still."""
        with self.lock:
            self.open = False
            return self.lock.wait_for(lambda: len(self.waiting) == len(self.reporters), seconds)

    def all_answered(self, check, when=""):
        good = self.pause()
        late = [one.asked for one in self.reporters if one not in self.waiting]
        return check(good, f"{when}: everybody is answered in the end" if when else "everybody is answered",
                     (late, self.strange[:3]) if not good else "")

    def go_on(self):
        with self.lock:
            self.open = True
            self.lock.notify_all()

    def stop(self):
        with self.lock:
            self.stopping = self.given_up = True
            self.lock.notify_all()
        for one in self.reporters:
            one.join(10)


def sign_in(port, account):
    status, said, heads = ask(port, "POST", "/demo/sessions", {"account": account})
    if status != 201:
        raise SystemExit(f"nobody can sign in: {status} {said}")
    return heads["Set-Cookie"].split(";")[0]


def story_of(told):
    """case → the moves it was told of, in order."""
    stories = {}
    for one in told:
        if one["kind"] == "open":
            stories.setdefault(one["id"], [])
        elif one["kind"] == "move":
            stories.setdefault(one["id"], []).append((one["move"], one["version"]))
    return stories


def check_all(check, server, database, load, when, whole=True):
    """Everything that anybody was told is there exactly once, and nothing else is.  Not whole: what
    was told since the last look is asked for one by one, the journal is left for later."""
    told = load.ledger.read()
    stories = story_of(told)
    fresh = told if whole else told[load.looked_at:]
    load.looked_at = len(told)
    check(not load.strange, f"{when}: nobody heard anything strange", (load.strange[:3], server.complaints()))
    check_cases(check, server, load, {one["id"]: stories[one["id"]] for one in fresh if one["kind"] in ("open", "move")}, when)
    check_rows(check, database, told, stories, when)
    check_photos(check, server, load, [one for one in fresh if one["kind"] == "photo"], when)
    check_asked_again(check, server, load, [one for one in fresh if one["kind"] == "open"][-REPORTERS:], when)
    if whole:
        verified = server.run("journal", "verify")
        check(verified.returncode == 0, f"{when}: the journal is whole", verified.stdout)


def check_photos(check, server, load, photos, when):
    """Each that was taken is made and opens, for whoever sent it."""
    closed, until = [], time.monotonic() + 30
    for photo in photos:
        path, cookie = f"/photos/{photo['id']}", load.cookies[photo["by"]]
        while (said := ask(server.port, "GET", path, cookie=cookie))[0] == 200 and said[1]["state"] == "new":
            if time.monotonic() > until:
                break
            time.sleep(0.05)
        status, image, _ = ask(server.port, "GET", path + "/image?size=screen", cookie=cookie)
        if status != 200 or image[:2] != b"\xff\xd8":
            closed.append((photo["id"], said[:2], status))
    if photos:
        check(not closed, f"{when}: the {len(photos)} new photos open", (closed[:3], server.said_of("photo.")))


def check_asked_again(check, server, load, opened, when):
    """The same key gives the same answer, and nothing new."""
    other = []
    for one in opened:
        status, said, heads = ask(server.port, "POST", "/cases", one["body"], load.cookies[one["by"]], one["key"])
        if status not in (200, 201) or said["id"] != one["id"] or not heads.get("Idempotent-Replayed"):
            other.append((one["id"], status, said))
    if opened:
        check(not other, f"{when}: asked once more with their keys, {len(opened)} give the same answer", other[:2])


def check_cases(check, server, load, stories, when):
    lost, other = [], []
    for case, moves in stories.items():
        status, said, _ = ask(server.port, "GET", f"/cases/{case}", cookie=load.desk)
        if status != 200:
            lost.append((case, status))
            continue
        line = [one["move"] for one in reversed(said["timeline"]) if one["act"] == "case.move"]
        if said["version"] != 1 + len(moves) or line != [move for move, _ in moves]:
            other.append((case, said["version"], line, moves))
    check(not lost, f"{when}: all {len(stories)} cases are there", lost[:3])
    check(not other, f"{when}: each with exactly the moves that were done, in order", other[:2])


def check_rows(check, database, told, stories, when):
    made = {int(one) for one in stories}
    first = min(made, default=0)
    rows = {int(row[0]) for row in database.rows(f"SELECT id FROM cases WHERE id >= {first}")}
    check(rows == made, f"{when}: no case is there twice", f"{len(rows - made)} too many, {len(made - rows)} missing")
    heard = dict((int(case), int(n)) for case, n in database.rows(
        f"SELECT subject, count(*) FROM inbox WHERE subject >= {first} GROUP BY subject"))
    wrong = [(case, heard.get(int(case), 0), len(moves)) for case, moves in stories.items()
             if heard.get(int(case), 0) != 1 + len(moves)]
    check(not wrong, f"{when}: each line told exactly one person exactly once", wrong[:3])
    behind = database.rows("SELECT c.follower, c.seq, h.seq FROM cursors c JOIN heads h ON h.county = c.county"
                           " WHERE c.seq <> h.seq")
    check(not behind, f"{when}: the followers have caught up", behind)
    photos = [int(one["id"]) for one in told if one["kind"] == "photo"]
    if photos:
        n = database.number(f"SELECT count(*) FROM photos WHERE id >= {min(photos)}")
        check(n == len(set(photos)) == len(photos), f"{when}: all {n} photos are there, each once", (n, len(photos)))

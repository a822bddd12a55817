"""What Prometheus asks of an exposition (text format 0.0.4), read strictly, and what queries may name: ops-test holds /metrics, the dashboard
and the alarms to it.  promtool says the same, where it is installed."""
import json, os, re, shutil, subprocess

NAME, LABEL = r"[a-zA-Z_:][a-zA-Z0-9_:]*", r"[a-zA-Z_][a-zA-Z0-9_]*"
SAMPLE = re.compile(rf"({NAME})(?:\{{(.*)\}})? (\S+)")
PAIR = re.compile(rf'({LABEL})="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)')
VALUE = re.compile(r"[+-]?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN")
ENDS = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


class Exposition:
    """families: name → (type, labels that occur); faults: what a reader stumbles over."""

    def __init__(self, text):
        self.families, self.faults, self.series, self.buckets = {}, [], {}, {}
        self.now, self.helped = None, set()
        if not text.endswith("\n"):
            self.faults.append("the last line does not end")
        for line in text.splitlines():
            self.head(line) if line.startswith("#") else self.sample(line)
        for family, (kind, _) in self.families.items():
            self.check_family(family, kind)

    def head(self, line):
        found = re.fullmatch(rf"# (HELP|TYPE) ({NAME}) (.+)", line)
        if not found:
            return self.faults.append(line)
        word, family, rest = found.groups()
        if word == "HELP":
            if family in self.helped or re.search(r"\\[^\\n]", rest):
                self.faults.append(line)
            self.helped.add(family)
        elif rest not in ENDS or family in self.families or family not in self.helped:
            self.faults.append(line)
        else:
            self.families[family], self.now = (rest, set()), family

    def sample(self, line):
        found = SAMPLE.fullmatch(line)
        if not found or not VALUE.fullmatch(found[3]) or not self.now:
            return self.faults.append(line)
        name, inside, value = found[1], found[2] or "", float(found[3])
        pairs = PAIR.findall(inside)
        kind, labels = self.families[self.now]
        if "".join(f'{key}="{text}",' for key, text in pairs).rstrip(",") != inside.rstrip(",") or len(dict(pairs)) != len(pairs):
            self.faults.append(line)
        if not any(name == self.now + end for end in ENDS[kind]) or (name, tuple(sorted(pairs))) in self.series:
            self.faults.append(line)  # of no family that is open, or twice
        self.series[name, tuple(sorted(pairs))] = value
        if name.endswith("_bucket") and kind == "histogram":
            rest = tuple(sorted(pair for pair in pairs if pair[0] != "le"))
            self.buckets.setdefault((self.now, rest), []).append((float(dict(pairs).get("le", "nan").replace("+Inf", "inf")), value))
        labels |= {key for key, _ in pairs}

    def check_family(self, family, kind):
        if (kind == "counter") != family.endswith("_total"):
            self.faults.append(f"{family}: a name that misleads for a {kind}")
        for (name, rest), steps in self.buckets.items():
            if name != family:
                continue
            bounds, counts = zip(*steps)
            whole = self.series.get((family + "_count", rest))
            if list(bounds) != sorted(set(bounds)) or bounds[-1] != float("inf") or list(counts) != sorted(counts) or counts[-1] != whole:
                self.faults.append(f"{family} {rest}: its buckets do not add up")
            if (family + "_sum", rest) not in self.series:
                self.faults.append(f"{family} {rest}: no sum")


# ---- queries ----

def queries(root):
    """(where, expression) of the dashboard and the alarms."""
    def inside(one):
        if isinstance(one, dict):
            if "expr" in one:
                yield one.get("refId", ""), one["expr"]
            for value in one.values():
                yield from inside(value)
        elif isinstance(one, list):
            for value in one:
                yield from inside(value)
    with open(os.path.join(root, "packaging/grafana-dashboard.json"), encoding="utf-8") as file:
        yield from inside(json.load(file))
    with open(os.path.join(root, "packaging/prometheus-alarms.yml"), encoding="utf-8") as file:
        yield from (("alarm", one) for one in re.findall(r"^\s+expr: (.+)$", file.read(), re.M))


def documented(root):
    """name → its labels, by docs/metrics.md: series that did not happen yet have their names, too."""
    with open(os.path.join(root, "docs/metrics.md"), encoding="utf-8") as file:
        rows = re.findall(r"^\| `(\w+)` \| (\w+) \| ([^|]*) \|", file.read(), re.M)
    return {name: (kind, set(re.findall(r"\w+", labels))) for name, kind, labels in rows}


FUNCTIONS = {"sum", "rate", "increase", "topk", "histogram_quantile", "time", "by"}


def misnamed(expression, known):
    """What the expression names that nobody writes."""
    series = {"up": {"job", "instance"}}
    for name, (kind, labels) in known.items():
        for end in ENDS[kind]:
            series[name + end] = labels | ({"le"} if end == "_bucket" else set())
    plain = re.sub(r'"[^"]*"|\[\w+\]', "", expression)
    wrong = [name for name in re.findall(rf"(?<![\w.])({NAME})\s*(?=[({{])", plain) if name not in FUNCTIONS | series.keys()]
    used, labels = set(), {"le"}
    for name in re.findall(NAME, re.sub(r"\{[^}]*\}|by \([^)]*\)", "", plain)):
        if name in series:
            used.add(name)
            labels |= series[name]
        elif name not in FUNCTIONS and not re.fullmatch(r"e\d*", name):
            wrong.append(name)
    named = [one for group in re.findall(r"\{([^}]*)\}", plain) for one in re.findall(rf"({LABEL})\s*[=!]", group)] + [one for group in re.findall(r"by \(([^)]*)\)", plain) for one in re.findall(LABEL, group)]
    return wrong + [name for name in named if name not in labels] + ([] if used else ["nothing"])


def promtool(root, text):
    """Its own words; None: it is not installed."""
    if not shutil.which("promtool"):
        return None
    said = subprocess.run(["promtool", "check", "metrics"], input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    rules = subprocess.run(["promtool", "check", "rules", os.path.join(root, "packaging/prometheus-alarms.yml")], text=True, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT)
    return (said.stdout if said.returncode else "") + (rules.stdout if rules.returncode else "")

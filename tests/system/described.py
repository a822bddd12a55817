"""What bad-test, matrix-test and attack share: the acts as openapi.json tells of them, a
body that could be meant, and a door with several people signed in."""
import http.client, json, os, socket
from served import WHERE, ask as plain_ask


class Answer:
    def __init__(self, status, heads, raw):
        self.status, self.heads, self.raw = status, heads, raw
        self.text = raw.decode("utf-8", "replace")
        try:
            self.json = json.loads(raw)
        except ValueError:
            self.json = None


class Act:
    def __init__(self, method, path, told, resolve):
        self.method, self.path, self.name, self.right = method.upper(), path, told["operationId"], told.get("x-right", "anyone")
        content = told.get("requestBody", {}).get("content", {})
        self.media = next(iter(content), "application/json")
        self.json = "application/json" in content
        self.schema = resolve(content["application/json"]["schema"]) if self.json else {}
        self.fields, self.required = self.schema.get("properties", {}), self.schema.get("required", [])
        self.arguments = [(one["name"], one["in"], one.get("schema", {})) for one in map(resolve, told.get("parameters", [])) if one["in"] in ("path", "query")]
        self.texts = list(self.text_paths(self.schema, ()))

    def text_paths(self, schema, above):
        """Where free text stands, also inside objects and lists."""
        for name, one in schema.get("properties", {}).items():
            kinds = one.get("type", [])
            if "string" in kinds and "pattern" not in one and "format" not in one:
                yield (*above, name)
            elif "properties" in one:
                yield from self.text_paths(one, (*above, name))
            elif "properties" in one.get("items", {}):
                yield from self.text_paths(one["items"], (*above, name, 0))

    def with_text(self, all_acts, path, text):
        body = body_of(self.schema, all_acts)
        at, schema = body, self.schema
        for step in path[:-1]:
            if step == 0:
                schema = schema["items"]
                if not at:
                    at.append(body_of(schema, all_acts))
                at = at[0]
            else:
                schema = schema["properties"][step]
                at = at.setdefault(step, [] if schema.get("items") else body_of(schema, all_acts))
        at[path[-1]] = text
        return body


class Description:
    def __init__(self, door):
        self.told = door.ask("GET", "/openapi.json", who="desk").json
        self.acts = [Act(method, path, one, self.resolve) for path, methods in self.told["paths"].items() for method, one in methods.items()
                     if isinstance(one, dict) and "operationId" in one]
        self.paths = list(self.told["paths"])

    def resolve(self, one):
        while "$ref" in one:
            found = self.told
            for step in one["$ref"].split("/")[1:]:
                found = found[step]
            one = found
        return one


def value_of(name, schema, description):
    """Something that could be meant."""
    kinds = schema.get("type", "object")
    kind = kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")
    if kind == "string":
        if schema.get("pattern", "").startswith("^[1-9]"):
            return "9" * 18
        if "pattern" in schema:
            return "00ff"
        if schema.get("format") == "date-time":
            return "2026-12-31T00:00:00+08:00"
        return {"area": "420602004008", "grid": WHERE["area"], "code": "420602004008", "parent": "420602", "scene": "snap", "kind": "problem", "view": "mine", "move": "accept"}.get(
            name, "试一试")[:schema.get("maxLength", 100)]
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 1)
    if kind == "boolean":
        return False
    if kind == "array":
        return [body_of(schema["items"], description)] if "properties" in schema.get("items", {}) else []
    return body_of(schema, description)


def body_of(schema, description):
    return {name: value_of(name, one, description) for name, one in schema.get("properties", {}).items() if name in schema.get("required", [])}


def path_of(act, things, given=None):
    path = act if isinstance(act, str) else act.path
    for part in path.split("/"):
        if part.startswith("{"):
            name = part[1:-1]
            path = path.replace(part, (given or {}).get(name) or things.get(name) or {"code": "420602", "name": "snap"}.get(name, "9" * 18))
    return path


class Door:
    """One server, people signed in, asked on connections that are kept."""

    def __init__(self, server):
        self.server, self.kept, self.cookies = server, None, {}
        self.people = {one["name"]: one for one in plain_ask(server.port, "GET", "/demo/people")[1]["items"]}
        for who, name in {"resident": "王芳", "other": "赵建国", "desk": "周岚", "far": "马丽", "grid": "刘敏", "grid-far": "陈涛", "leader": "孙丽", "centre": "何静",
                          "handler": "李师傅"}.items():
            self.cookies[who] = self.sign_in(who, name)

    names = {}

    def sign_in(self, who, name=None):
        self.names.setdefault(who, name)
        known = self.people.get(self.names[who])
        return self.enter(who, known["account"] if known else self.names[who])

    def enter(self, who, account):
        self.names.setdefault(who, account)
        answer = self.ask("POST", "/demo/sessions", json.dumps({"account": account}).encode())
        return answer.heads["set-cookie"].split(";")[0]

    def ask(self, method, path, body=None, who=None, cookie=None, kind="application/json", ours="1", heads=None, api="/api/v1"):
        cookie = cookie or self.cookies.get(who)
        all_heads = {**({"X-Linli": ours} if ours else {}), **({"Cookie": cookie} if cookie else {}), **(heads or {})}
        if body is not None:
            all_heads["Content-Type"] = kind
            body = body if isinstance(body, (bytes, str)) else json.dumps(body).encode()
        for again in (True, False):
            self.kept = self.kept or http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
            try:
                self.kept.request(method, api + path, body, all_heads)
                answer = self.kept.getresponse()
                got = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
                if who in self.cookies and "set-cookie" in got.heads:  # another token, as browsers keep it
                    self.cookies[who] = got.heads["set-cookie"].split(";")[0]
                if answer.will_close:
                    self.kept.close()
                    self.kept = None
                return got
            except (OSError, http.client.HTTPException):
                self.kept.close()
                self.kept = None
                if not again:
                    raise

    def raw(self, line, heads, body):
        """As written; a repeated Host too."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as there:
            there.sendall("\r\n".join([line, f"Host: 127.0.0.1:{self.server.port}", *heads, "", ""]).encode() + body)
            got = b""
            try:
                while piece := there.recv(65536):
                    got += piece
            except OSError:
                pass
        head, _, text = got.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        found = {one.split(":", 1)[0].lower(): one.split(":", 1)[1].strip() for one in lines[1:] if ":" in one}
        return Answer(int(lines[0].split()[1]) if len(lines[0].split()) > 1 else 0, found, text)

    def local(self, method, path, body, kind="application/json"):
        """As the command line does."""
        connection = http.client.HTTPConnection("localhost", timeout=30)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(30)
        connection.sock.connect(self.server.socket())
        try:
            connection.request(method, "/api/v1" + path, body, {"X-Linli": "1", **({"Content-Type": kind} if body is not None else {}), "Host": "localhost"})
        except BrokenPipeError:  # refused before it was read
            pass
        answer = connection.getresponse()
        got = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return got

    @staticmethod
    def case_body(what, where=WHERE):
        return json.dumps({"scene": "snap", "kind": "problem", "fields": {"category": "噪声扰民", "what": what, "where": where}}).encode()

    def report(self, what, who):
        return self.ask("POST", "/cases", self.case_body(what), who=who).json

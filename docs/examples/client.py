"""A client of sluice.v1 on Python's standard library alone: python3 client.py http://HOST:PORT ct_… STATE.json"""
import base64, json, os, platform, random, select, socket, struct, sys, time
from urllib.parse import urlsplit

URL, TOKEN, STATE = sys.argv[1:4]
FINAL = {4401, 4403}  # do not come back
HANDLERS = {"system.uname": lambda args: [platform.uname()._asdict()], "echo": lambda args: [args]}

class Socket:
    """As much of RFC 6455 as is needed: unfragmented text messages and close."""
    def __init__(self):
        place = urlsplit(URL)
        self.tcp = socket.create_connection((place.hostname, place.port or 80), timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.tcp.sendall(f"GET /v1/connect HTTP/1.1\r\nHost: {place.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sluice.v1\r\nAuthorization: Bearer {TOKEN}\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self.read(1)
        if b" 101 " not in answer.splitlines()[0]:
            raise ConnectionError(answer.splitlines()[0])
    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.tcp.recv(count - len(data))
            if not part:
                raise ConnectionError("the connection broke")
            data += part
        return data
    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        size = struct.pack(">B", 0x80 | len(data)) if len(data) < 126 else struct.pack(">BH", 0xFE, len(data)) if len(data) < 65536 else struct.pack(">BQ", 0xFF, len(data))
        self.tcp.sendall(b"\x81" + size + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))
    def receive(self):
        kind, size = self.read(2)
        size = struct.unpack(">H", self.read(2))[0] if size == 126 else struct.unpack(">Q", self.read(8))[0] if size == 127 else size
        data = self.read(size)
        return (None, struct.unpack(">H", data[:2])[0] if size else 1005) if kind & 15 == 8 else (data.decode(), None)

def save(state):  # durable before the ack that promises it
    with open(STATE + ".new", "w") as file:
        json.dump(state, file); file.flush(); os.fsync(file.fileno())
    os.replace(STATE + ".new", STATE)

def report(ws, state, items):
    state["reports"][str(state["next"])] = items; state["next"] += 1; save(state)
    ws.send(json.dumps({"type": "report", "epoch": state["epoch"], "seq": state["next"] - 1, "items": items}))

def run(ws, state, task):
    me = {"id": task["id"], "attempt": task["attempt"]}
    if task.get("delivery") == "at_most_once":  # once begun it must not begin again, not even after a crash
        del state["held"][task["id"]]; save(state)
    try:
        end = [{**me, "event": "rows", "part": 0, "rows": HANDLERS[task["kind"]](task["args"])}, {**me, "event": "succeeded"}]
    except Exception as error:
        end = [{**me, "event": "failed", "error": {"code": "handler_error", "message": repr(error)}}]
    state["held"].pop(task["id"], None); state["done"].append(task["id"])
    report(ws, state, end)

def session(state):  # until the connection ends; answers its close code
    ws = Socket()
    ws.send(json.dumps({"type": "hello", "agent": "python/1.0", "resume": {"epoch": state["epoch"], "seq": state["seq"]},
        "running": [{"id": task["id"], "attempt": task["attempt"]} for task in state["held"].values()]}))
    heartbeat = 30
    while True:
        if not select.select([ws.tcp], [], [], heartbeat)[0]:
            ws.send("ping"); continue
        text, code = ws.receive()
        if code is not None: return code
        frame = {} if text == "pong" else json.loads(text)
        if frame.get("type") == "welcome":
            state["epoch"] = frame["epoch"]; save(state); heartbeat = frame["heartbeatMs"] / 1000
            for seq, items in state["reports"].items():  # unanswered: again, under their old numbers
                ws.send(json.dumps({"type": "report", "epoch": state["epoch"], "seq": int(seq), "items": items}))
            for task in list(state["held"].values()): run(ws, state, task)
        elif frame.get("type") == "batch":
            fresh = [task for task in frame["tasks"] if task["id"] not in state["done"]]
            state["held"].update({task["id"]: task for task in fresh}); state["seq"] = frame["seq"]; save(state)
            ws.send(json.dumps({"type": "ack", "epoch": frame["epoch"], "seq": frame["seq"]}))
            for task in fresh: run(ws, state, task)
        elif frame.get("type") == "reported":
            state["reports"].pop(str(frame["seq"]), None); save(state)

state = json.load(open(STATE)) if os.path.exists(STATE) else {"epoch": 0, "seq": 0, "next": 1, "held": {}, "done": [], "reports": {}}
failures = 0
while True:
    began = time.time()
    try: code = session(state)
    except OSError as error: code = 0
    if code in FINAL: sys.exit(f"the service refused this client: {code}")
    failures = 0 if time.time() - began > 10 else failures + 1
    time.sleep(random.random() * min(300, 2 ** failures) + (60 if code == 4409 else 0))  # jitter after the cap

"""A stand-in for the Kubernetes API server over TLS.

api_server.py DIRECTORY HOST: serves with DIRECTORY/server.crt and server.key, prints its port, and answers as DIRECTORY/answers.json
says: {"METHOD PATH": ANSWER or [ANSWER, ...]}, the last of a list for ever. An ANSWER is an object with
  "status", "body" (text)    what is sent
  "retry_after" (text)       the Retry-After field
  "mode"                     "reset" (cut off at once), "hang" (never answers), "slow-body" (a byte a second),
                             "cut" (cut off within the body), "huge" (an endless body), "garbage" (no HTTP)
While DIRECTORY/fault.json is there, each request is answered as it says, without being carried out unless it has
"processed": true; "delay" is in seconds. Where DIRECTORY/cluster is there, what answers.json doesn't name is answered by a
cluster of one pod, plex-0 in the namespace media, which is terminating from its deletion on; each deletion is a line of DIRECTORY/deletions.
Where DIRECTORY/ciphers is there, TLS is 1.2 with these ciphers alone; where DIRECTORY/plain is there, there is none.
Each request is a line of DIRECTORY/requests.jsonl: method, path, query, token, body.
"""
import http.server
import json
import os
import signal
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
import urllib.parse

# A test's thread may have blocked all signals, and its children inherit that.
signal.pthread_sigmask(signal.SIG_SETMASK, [])

POD = "/api/v1/namespaces/media/pods/plex-0"
EVENTS = "/api/v1/namespaces/media/events"
directory, host = sys.argv[1], sys.argv[2]
counts = {}
lock = threading.Lock()


def answer_for(key):
    with open(directory + "/answers.json") as file:
        answer = json.load(file).get(key, {"status": 404, "body": '{"kind": "Status"}'})
    if isinstance(answer, list):
        with lock:
            position = counts.get(key, 0)
            counts[key] = position + 1
        answer = answer[min(position, len(answer) - 1)]
    return answer


def fault():
    try:
        with open(directory + "/fault.json") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def cluster(method, path, body):
    """A cluster's answer: status and document."""
    if path.startswith("/api/v1/") and urllib.parse.unquote(path) not in (POD, EVENTS):
        return 404, {"kind": "Status", "message": "not found", "code": 404}
    if path.endswith("/selfsubjectaccessreviews"):
        return 201, {"status": {"allowed": True}}
    if "/events" in path:
        return (200, {"items": []}) if method == "GET" else (201, {})
    with lock:
        is_terminating = os.path.exists(directory + "/deletions")
        if method == "DELETE":
            wanted = json.loads(body or "{}").get("preconditions", {}).get("uid", "u1")
            if wanted != "u1":
                return 409, {"message": "the UID in the precondition does not match"}
            if is_terminating:
                return 409, {"message": "the pod is being deleted"}
            with open(directory + "/deletions", "a") as file:
                file.write(body + "\n")
            return 200, {"kind": "Pod"}
    metadata = {"uid": "u1", "ownerReferences": [{"kind": "ReplicaSet", "uid": "rs-1", "controller": True}]}
    if is_terminating:
        metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    return 200, {"metadata": metadata}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        with lock, open(directory + "/requests.jsonl", "a") as file:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            record = {"method": self.command, "path": self.path, "token": token, "body": body}
            record["host"] = self.headers.get("Host")
            record["path"], _, record["query"] = self.path.partition("?")
            file.write(json.dumps(record) + "\n")
        answer = answer_for(self.command + " " + record["path"])
        failure = fault()
        if os.path.exists(directory + "/cluster") and (failure is None or failure.get("processed")):
            status, document = cluster(self.command, record["path"], body)
            answer = {"status": status, "body": json.dumps(document)}
        if failure is not None:
            answer = failure
            time.sleep(failure.get("delay", 0))
        mode = answer.get("mode")
        self.close_connection = True
        if mode == "reset":
            # SO_LINGER with 0 seconds makes close send a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())
            return
        if mode == "hang":
            time.sleep(3600)
        if mode == "garbage":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            return
        content = answer.get("body", "{}").encode()
        self.send_response(answer.get("status", 200))
        self.send_header("Content-Type", "application/json")
        if "retry_after" in answer:
            self.send_header("Retry-After", answer["retry_after"])
        self.send_header("Connection", "close")
        if mode == "huge":
            self.end_headers()
            while True:
                self.wfile.write(b" " * 65536)
        self.send_header("Content-Length", str(len(content) + (100 if mode in ("cut", "slow-body") else 0)))
        self.end_headers()
        self.wfile.write(content)
        if mode == "slow-body":
            while True:
                time.sleep(1)
                self.wfile.write(b" ")

    do_GET = do_POST = do_DELETE = handle_any

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
    daemon_threads = True

    def server_bind(self):
        # The class's own looks the host's name up.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = host, self.server_address[1]

    def handle_error(self, *_):
        pass


server = Server((host, int(sys.argv[3]) if len(sys.argv) > 3 else 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(directory + "/server.crt", directory + "/server.key")
if os.path.exists(directory + "/ciphers"):
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with open(directory + "/ciphers") as file:
        context.set_ciphers(file.read())
if not os.path.exists(directory + "/plain"):
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
# In one piece, whatever the buffering.
os.write(1, b"%d\n" % server.server_address[1])
server.serve_forever()

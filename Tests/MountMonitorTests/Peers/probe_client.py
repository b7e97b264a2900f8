"""A client that speaks HTTP by hand, rightly and wrongly: probe_client.py PORT CASE"""
import select
import socket
import sys

port, case = int(sys.argv[1]), sys.argv[2]


def connect():
    connection = socket.create_connection(("127.0.0.1", port))
    connection.settimeout(600)
    return connection


def send(connection, data):
    """Sends, as far as the server takes it: it may have closed the connection, by what it has read or by its clock."""
    try:
        connection.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        pass


def answer_of(connection):
    """One answer, whatever pieces it comes in."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        assert part, received
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    while len(body) < length:
        part = connection.recv(65536)
        assert part, received
        body += part
    return head + b"\r\n\r\n" + body


def everything(connection):
    """What comes until the server closes the connection."""
    received = b""
    while True:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            return received
        if not part:
            return received
        received += part


request = b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
last = b"GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

if case == "keep-alive":
    connection = connect()
    for _ in range(3):
        connection.sendall(request)
        assert b'"version"' in answer_of(connection)
    connection.sendall(last)
    answer = everything(connection)
    assert b"200 OK" in answer and b"connection: close" in answer.lower(), answer
elif case == "pipelined":
    connection = connect()
    connection.sendall(request * 50 + last)
    assert everything(connection).count(b"200 OK") == 51
elif case == "byte-by-byte":
    connection = connect()
    for position in range(len(last)):
        connection.sendall(last[position : position + 1])
    assert b"200 OK" in everything(connection)
elif case == "http-1.0":
    connection = connect()
    connection.sendall(b"GET /version HTTP/1.0\r\n\r\n")
    assert b"200 OK" in everything(connection)
elif case == "head":
    connection = connect()
    connection.sendall(last.replace(b"GET", b"HEAD"))
    head, _, body = everything(connection).partition(b"\r\n\r\n")
    assert b"200 OK" in head and b"content-length: 20" in head.lower() and body == b"", (head, body)
elif case == "garbage":
    connection = connect()
    send(connection, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n")
    answer = everything(connection)
    assert b"200" not in answer.partition(b"\r\n")[0], answer
elif case == "long-header":
    connection = connect()
    send(connection, b"GET /version HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n")
    assert b"200 OK" not in everything(connection)
elif case == "long-target":
    connection = connect()
    send(connection, b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = everything(connection)
    assert b"200 OK" not in answer and b"404" not in answer, answer
elif case == "many-headers":
    connection = connect()
    send(connection, b"GET /version HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 1000 + b"\r\n")
    assert b"200 OK" not in everything(connection)
elif case == "long-body":
    connection = connect()
    send(connection, b"GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + b"a" * 100_000)
    assert b"413" in everything(connection)
elif case == "short-body":
    connection = connect()
    connection.sendall(last.replace(b"\r\n\r\n", b"\r\nContent-Length: 5\r\n\r\nhello"))
    assert b"200 OK" in everything(connection)
elif case == "slow-header":
    connection = connect()
    send(connection, b"GET /version HTTP/1.1\r\n")
    assert everything(connection) == b""
elif case == "slow-body":
    connection = connect()
    send(connection, b"GET /version HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
    assert b"200 OK" not in everything(connection)
elif case == "idle":
    connection = connect()
    connection.sendall(request)
    assert b"200 OK" in answer_of(connection)
    assert everything(connection) == b""
elif case == "too-many":
    # The server of this case takes 8.
    connections = [connect() for _ in range(8)]
    for connection in connections:
        connection.sendall(request)
        assert b"200 OK" in answer_of(connection)
    # An idle one gives way; not the first, which was used last. (The server may note the end of an answer long after the
    # client has it, so which of the others was idle longest isn't known here.)
    connections[0].sendall(request)
    assert b"200 OK" in answer_of(connections[0])
    newest = connect()
    newest.sendall(request)
    assert b"200 OK" in answer_of(newest)
    given_way, _, _ = select.select(connections[1:], [], [], 600)
    assert len(given_way) == 1 and everything(given_way[0]) == b""
    connections[0].sendall(last)
    assert b"200 OK" in everything(connections[0])
    # Requests that are never finished shut nobody out either.
    for _ in range(40):
        half = connect()
        send(half, request[:-4])
    # (Two loops take connections: one that stood still may take the last of those above after this one, and then this one
    # has waited longest. There are 40 of them at most.)
    for _ in range(50):
        connection = connect()
        send(connection, last)
        answer = everything(connection)
        if b"200 OK" in answer:
            break
    assert b"200 OK" in answer
elif case == "ipv6":
    connection = socket.create_connection(("::1", port))
    connection.sendall(last)
    assert b"200 OK" in everything(connection)
elif case == "finish-on-stop":
    # Begins a request, says so, and sends the rest when the server is stopping.
    connection = connect()
    idle = connect()
    idle.sendall(request)
    assert b"200 OK" in answer_of(idle)
    # The answer to the first says that the beginning of the second, in the same segment, has come.
    connection.sendall(request + request[:-2] + b"Content-Length: 5\r\n\r\nhel")
    assert b"200 OK" in answer_of(connection)
    print("begun", flush=True)
    sys.stdin.readline()
    assert everything(idle) == b"", "an idle connection is closed"
    connection.sendall(b"lo")
    # Answered, and closed behind that; the header can't say so where this connection's loop hasn't stopped yet.
    assert b"200 OK" in everything(connection)
else:
    sys.exit("no such case: " + case)
print("passed")

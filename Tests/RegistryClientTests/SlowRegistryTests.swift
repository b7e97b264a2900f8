import Foundation
import ImageTransport
import RegistryClient
import TestSupport
import Testing

/// Registries that are silent, drip, or never come to the point: each ends in a bounded time, and says so.
@Suite struct SlowRegistryTests {
    // It ends by itself, too: a test's process may have blocked the signals that end it.
    static let server = """
        import http.server, signal, sys, time
        signal.pthread_sigmask(signal.SIG_SETMASK, []); signal.alarm(600)
        kind = sys.argv[1]
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def log_message(self, *_): pass
            def answer(self, status, *fields):
                self.send_response(status)
                for name, value in fields: self.send_header(name, value)
                self.send_header('Content-Length', '0'); self.end_headers()
            def for_ever(self, text):
                while True: self.wfile.write(text); self.wfile.flush(); time.sleep(0.2)
            def do_GET(self):
                if self.path == '/v2/': return self.answer(200)
                if 'uploads' in self.path: return self.answer(404)
                if kind == 'says nothing': time.sleep(600)
                if kind == 'answers 1xx': self.for_ever(b'HTTP/1.1 102 Processing\\r\\n\\r\\n')
                if kind == 'hurries with 1xx':
                    while True: self.wfile.write(b'HTTP/1.1 100 Continue\\r\\n\\r\\n' * 100)
                if kind == 'drips headers': self.wfile.write(b'HTTP/1.1 200 OK\\r\\nX: '); self.for_ever(b'x')
                self.wfile.write(b'HTTP/1.1 200 OK\\r\\nContent-Type: x\\r\\nContent-Length: 100000\\r\\n\\r\\n')
                self.for_ever(b'{')
            def do_HEAD(self): self.answer(404)
            def do_POST(self): self.answer(202, ('Location', self.path + '1'))
            def do_PATCH(self):
                if kind == 'takes nothing': time.sleep(600)
                if kind == 'answers no upload':
                    self.rfile.read(int(self.headers['Content-Length']))
                    self.for_ever(b'HTTP/1.1 102 Processing\\r\\n\\r\\n')
                while True: self.rfile.read1(1); time.sleep(0.05)
            do_PUT = do_PATCH
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        server.daemon_threads = True
        open('port.new', 'w').write(str(server.server_port))
        import os; os.rename('port.new', 'port')
        server.serve_forever()
        """

    private func withRegistry(_ kind: String, _ body: (String, String) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            try Self.server.write(toFile: directory + "/server.py", atomically: true, encoding: .utf8)
            try Shell.run(beside: "exec python3 server.py '\(kind)'", in: directory) {
                try body("127.0.0.1:" + Shell.wait(for: directory + "/port"), directory)
            }
        }
    }

    /// Expects one of these reasons, or a silence, which a busy machine may make of any of them.
    ///
    /// Without a limit the client would see the registry's end.
    private func expect(_ words: String, _ body: () throws -> Void) throws {
        let text = try Fixture.failure { try body() }.description
        #expect(text.contains(words) || text.contains("silent for"), "\(text)")
        #expect(text.contains("too slow") && text.contains("--timeout"), "\(text)")
    }

    @Test(arguments: [
        ("says nothing", "silent for a second"), ("answers 1xx", "silent for a second"),
        ("hurries with 1xx", "silent for a second"), ("drips headers", "silent for a second"),
        ("drips", "sends less than 1 KiB a second for a second"),
    ])
    func readingEnds(_ kind: String, _ words: String) throws {
        try withRegistry(kind) { host, _ in
            try expect(words) { _ = try Fixture.images(silence: 1).source("\(host)/image:1") }
        }
    }

    @Test(arguments: [
        ("takes nothing", "takes less than 1 KiB a second"), ("sips", "takes less than 1 KiB a second"),
        ("answers no upload", "silent for a second"),
    ])
    func sendingEnds(_ kind: String, _ words: String) throws {
        try withRegistry(kind) { host, directory in
            // More than what the system keeps for a connection.
            var image = TestImage {
                $0.file("a", Fixture.noise(kind == "answers no upload" ? 500_000 : 20_000_000, seed: 5))
            }
            image.architecture = "amd64"
            try TestImage.write([image], layout: directory + "/layout")
            let source = try ImageSources.open(.layout(path: directory + "/layout", tag: nil))
            try expect(words) {
                let destination = try Fixture.images(silence: 1).destination("\(host)/image:1", name: nil)
                try ImageCopy.run(from: source, to: destination)
            }
        }
    }
}

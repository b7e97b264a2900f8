import Foundation
import OCI
import SystemIO
import TestSupport
import Testing

@testable import ImageTransport

/// Engines that are silent, drip, or never come to the point: each ends in a bounded time, and says so.
@Suite struct SlowEngineTests {
    // It ends by itself, too: a test's process may have blocked the signals that end it.
    static let server = """
        import signal, socket, sys, time
        signal.pthread_sigmask(signal.SIG_SETMASK, []); signal.alarm(600)
        s = socket.socket(socket.AF_UNIX); s.bind('engine.sock'); s.listen(1); open('ready', 'w').close()
        c, _ = s.accept(); kind = sys.argv[1]
        while kind == 'takes nothing': time.sleep(1)
        while kind == 'sips': c.recv(1); time.sleep(0.05)
        request = b''
        while b'\\r\\n\\r\\n' not in request: request += c.recv(4096)
        if kind == 'drips': c.sendall(b'HTTP/1.1 200 OK\\r\\n\\r\\n')
        text = {'says nothing': b'', 'answers 1xx': b'HTTP/1.1 102 Processing\\r\\n\\r\\n', 'drips': b'x',
                'drips headers': b'HTTP', 'hurries with 1xx': b'HTTP/1.1 100 Continue\\r\\n\\r\\n' * 100}[kind]
        while True:
            try: c.sendall(text if kind != 'drips headers' else b'H')
            except OSError: break
            time.sleep(0.2)
        """

    private func withEngine(_ kind: String, _ body: (EngineEndpoint, String) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            try Self.server.write(toFile: directory + "/server.py", atomically: true, encoding: .utf8)
            try Shell.run(beside: "exec python3 server.py '\(kind)'", in: directory) {
                _ = try Shell.wait(for: directory + "/ready")
                try body(.socket(directory + "/engine.sock"), directory)
            }
        }
    }

    @Test(arguments: [
        ("says nothing", "silent for a second"), ("answers 1xx", "silent for a second"),
        ("drips headers", "silent for a second"), ("hurries with 1xx", "interim answers without end"),
        ("drips", "sends less than 1 KiB a second for a second"),
    ])
    func readingEnds(_ kind: String, _ words: String) throws {
        try withEngine(kind) { endpoint, _ in
            let error = #expect(throws: TransportError.self) {
                try ContainerEngine(endpoint: endpoint, patience: Patience(seconds: 1)).image("name")
            }
            // A busy machine may let the engine be silent, too. Without a limit the client would see the engine's end.
            let text = error?.description ?? ""
            #expect(text.contains(words) || text.contains("silent for a second"), "\(text)")
        }
    }

    @Test(arguments: ["takes nothing", "sips"])
    func sendingEnds(_ kind: String) throws {
        try withEngine(kind) { endpoint, directory in
            // More than what the system keeps for a socket.
            var image = TestImage { $0.file("a", [UInt8](repeating: 9, count: 4_000_000)) }
            image.architecture = "amd64"
            try TestImage.write([image], layout: directory + "/layout")
            let source = try LayoutSource(directory: directory + "/layout", tag: nil)
            let destination = try DaemonDestination(
                reference: ImageReference(parsing: "name:1"),
                endpoint: endpoint,
                patience: Patience(seconds: 1)
            )
            let error = #expect(throws: TransportError.self) { try ImageCopy.run(from: source, to: destination) }
            #expect(
                error?.description.contains("takes less than 1 KiB a second for a second") == true,
                "\(String(describing: error))"
            )
        }
    }

    @Test func aPaceCountsTheTimeOfThePeerAlone() {
        var pace = TransferPace(window: 60)
        for _ in 0..<59 { pace.count(seconds: 1, bytes: 1000) }
        #expect(pace.rest == 1)
        pace.count(seconds: 1, bytes: 1000)
        #expect(pace.rest == 0, "60,000 bytes in 60 s are less than 1 KiB a second")
        pace = TransferPace(window: 60)
        for _ in 0..<1000 { pace.count(seconds: 1, bytes: 1100) }
        #expect(pace.rest > 0)
        pace.count(seconds: 0, bytes: .max)
        #expect(pace.rest == 60)
    }
}

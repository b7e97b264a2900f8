import Foundation
import ImageTransportContract
import TestSupport
import Testing

@testable import ImageTransport

/// The engine's answers, by a stand-in on a unix socket that sends each connection its prepared answer.
@Suite struct ContainerEngineTests {
    // Holds the answers in files, so that a test says exactly which bytes come over the wire.
    static let server = """
        import socket, sys
        s = socket.socket(socket.AF_UNIX); s.bind('engine.sock'); s.listen(4); open('ready', 'w').close()
        for number in range(int(sys.argv[1])):
            c, _ = s.accept(); request = b''
            while b'\\r\\n\\r\\n' not in request: request += c.recv(4096)
            open('request', 'wb').write(request); c.sendall(open(f'answer{number}', 'rb').read()); c.close()
        """

    private func withEngine(answer: [UInt8], _ body: (ContainerEngine, String) throws -> Void) throws {
        try withEngine(answers: [answer], body)
    }

    private func withEngine(answers: [[UInt8]], _ body: (ContainerEngine, String) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            try Self.server.write(toFile: directory + "/server.py", atomically: true, encoding: .utf8)
            for (number, answer) in answers.enumerated() {
                try Data(answer).write(to: URL(fileURLWithPath: directory + "/answer\(number)"))
            }
            try Shell.run(beside: "exec timeout 600 python3 server.py \(answers.count)", in: directory) {
                _ = try Shell.wait(for: directory + "/ready")
                try body(ContainerEngine(endpoint: .socket(directory + "/engine.sock")), directory)
            }
        }
    }

    static let image = TestImage { $0.file("a", [UInt8](repeating: 9, count: 20_000)) }

    static func chunked(_ bytes: [UInt8]) -> [UInt8] {
        var answer = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n".utf8)
        for start in stride(from: 0, to: bytes.count, by: 7001) {
            let piece = bytes[start..<min(start + 7001, bytes.count)]
            answer += Array("\(String(piece.count, radix: 16));ext=1\r\n".utf8) + piece + Array("\r\n".utf8)
        }
        return answer + Array("0\r\nTrailer: x\r\n\r\n".utf8)
    }

    @Test(arguments: ["chunked", "length", "to the end", "after 100 Continue"])
    func readsAnImageHoweverTheAnswerIsFramed(framing: String) throws {
        let body = Self.image.dockerArchive()
        let answer =
            switch framing {
            case "chunked": Self.chunked(body)
            case "length": Array("HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\r\n".utf8) + body
            case "to the end": Array("HTTP/1.0 200 OK\r\n\r\n".utf8) + body
            default: Array("HTTP/1.1 100 Continue\r\n\r\n".utf8) + Self.chunked(body)
            }
        try withEngine(answer: answer) { engine, directory in
            let source = try engine.image("repo/name:tag")
            #expect(try ImageSourceContract.check(source) == [Self.image.layers.map(\.tar)])
            let request = try String(contentsOfFile: directory + "/request", encoding: .utf8)
            #expect(request.hasPrefix("GET /images/repo/name:tag/get HTTP/1.1\r\nHost: "))
        }
    }

    @Test(arguments: [
        ("not there", "HTTP/1.1 404 Not Found\r\n\r\n{\"message\":\"no such image\"}", "no image"),
        ("a failure", "HTTP/1.1 500 Oops\r\n\r\n{\"message\":\"disk on fire\"}", "disk on fire"),
        ("no HTTP", "SSH-2.0-OpenSSH\r\n", "HTTP"),
        ("nothing", "", "cut short"),
        ("a negative length", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "length"),
        ("a damaged chunk size", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunk size"),
        ("a chunk of 2^64", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n", "chunk size"),
        ("an end in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc", "ended"),
    ])
    func everyOtherAnswerIsAnErrorThatSaysWhy(label: String, answer: String, word: String) throws {
        try withEngine(answer: Array(answer.utf8)) { engine, _ in
            let error = #expect(throws: TransportError.self) { try engine.image("name") }
            #expect("\(error.map { "\($0)" } ?? "")".contains(word))
        }
    }

    // Not an argument of the test above, which a run would print in full.
    @Test func anEndlessHeaderIsAnError() throws {
        let answer = "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 20_000)
        try everyOtherAnswerIsAnErrorThatSaysWhy(label: "an endless header", answer: answer, word: "header")
    }

    @Test func aVolumeOfAContainerIsSaidToBeUnread() throws {
        let container =
            #"{"Image":"sha256:1","Config":{},"Mounts":[{"Type":"volume","Destination":"/var/data"},{"Type":"tmpfs"}]}"#
        let texts = [container, #"{"Os":"linux","Architecture":"amd64"}"#]
        let answers: [[UInt8]] = texts.map { Array($0.utf8) } + [Self.image.layers[0].tar]
        let head = Array("HTTP/1.0 200 OK\r\n\r\n".utf8)
        try withEngine(answers: answers.map { head + $0 }) { engine, _ in
            let source = try engine.container("box")
            #expect(source.unread.map { String(decoding: $0.path, as: UTF8.self) } == ["var/data"])
            #expect(try ImageSourceContract.check(source) == [[Self.image.layers[0].tar]])
        }
    }

    @Test func noEngineIsAnErrorWithTheSocketsPath() throws {
        let error = #expect(throws: TransportError.self) {
            try ContainerEngine(endpoint: .socket("/nowhere/docker.sock")).image("name")
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains("/nowhere/docker.sock"))
    }

    @Test(arguments: ["a b", "../x", "a?b", "a\r\nX: y", "/abs", "a%2fb"])
    func aReferenceCannotLeaveItsPlaceInTheRequest(reference: String) {
        let error = #expect(throws: TransportError.self) {
            try ContainerEngine(endpoint: .socket("/nowhere")).image(reference)
        }
        guard case .reference = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }
}

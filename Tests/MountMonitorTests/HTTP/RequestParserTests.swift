import Testing

@testable import MountMonitor

@Suite struct RequestParserTests {
    private func events(
        _ text: String,
        pieces: Int = .max,
        _ limits: RequestLimits = RequestLimits()
    ) -> [RequestParser.Event] {
        var parser = RequestParser(limits: limits)
        var events: [RequestParser.Event] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            parser.append(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while case let event = parser.next(), event != .needsMore { events.append(event) }
        }
        return events
    }

    private static let get = RequestParser.Request(method: "GET", target: "/x")

    @Test(
        "requests, in one piece and byte by byte",
        arguments: [
            ("GET /x HTTP/1.1\r\n\r\n", [.request(get)]), ("GET /x HTTP/1.1\n\n", [.request(get)]),
            ("\r\n\r\nGET /x HTTP/1.1\r\nHost: y\r\nA:b\r\nC: \r\n\r\n", [.request(get)]),
            ("GET /x HTTP/1.1\r\n\r\nGET /x HTTP/1.1\r\n\r\nGET", [.request(get), .request(get)]),
            (
                "GET /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nhelloGET /x HTTP/1.1\r\n\r\n",
                [.request(get), .request(get)]
            ),
            (
                "HEAD * HTTP/1.0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
                [.request(.init(method: "HEAD", target: "*", isOld: true, isKeptAlive: false))]
            ),
            (
                "GET /x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
                [.request(.init(method: "GET", target: "/x", isOld: true))]
            ),
            (
                "GET /x HTTP/1.1\r\nconnection: a, CLOSE\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
                [.request(.init(method: "GET", target: "/x", isKeptAlive: false))]
            ),
            // What may be hidden behind a coding that isn't read is not read as a request.
            (
                "GET /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
                [.request(.init(method: "GET", target: "/x", isKeptAlive: false))]
            ),
            ("GET /x HTTP/1.1\r\n", []), ("GET /x HTTP/1.1\r\nContent-Length: 5\r\n\r\nhell", []),
        ] as [(String, [RequestParser.Event])]
    )
    func requests(text: String, expected: [RequestParser.Event]) {
        #expect(events(text) == expected)
        #expect(events(text, pieces: 1) == expected)
    }

    @Test(
        "what is refused",
        arguments: [
            ("GET /x\r\n\r\n", 400), ("GET  /x HTTP/1.1\r\n\r\n", 400), ("G(T /x HTTP/1.1\r\n\r\n", 400),
            ("GET /x HTTP/2.0\r\n\r\n", 505), ("GET /x SSH\r\n\r\n", 400), ("\u{1}\u{2}\r\n\r\n", 400),
            ("GET /x HTTP/1.1\r\nno colon\r\n\r\n", 400), ("GET /x HTTP/1.1\r\n: x\r\n\r\n", 400),
            ("GET /x HTTP/1.1\r\nA b: x\r\n\r\n", 400), ("GET /x HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
            ("GET /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
            ("GET /x HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400),
            ("GET /x HTTP/1.1\r\nContent-Length: 16385\r\n\r\n", 413),
            ("GET /x HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 65) + "\r\n", 431),
            ("GET /" + String(repeating: "x", count: 17_000), 431),
        ] as [(String, Int)]
    )
    func refusals(text: String, status: Int) {
        for pieces in [Int.max, 1, 7] {
            let events = events(text + "GET /x HTTP/1.1\r\n\r\n", pieces: pieces)
            guard events.count == 1, case .refused(status, let request)? = events.first else {
                Issue.record("\(events)")
                continue
            }
            #expect(!request.isKeptAlive)
        }
    }

    @Test func knowsWhetherARequestHasBegun() {
        var parser = RequestParser(limits: RequestLimits())
        #expect(!parser.isInRequest)
        parser.append("GET".utf8)
        #expect(parser.isInRequest)
        parser.append(" / HTTP/1.1\r\nContent-Length: 1\r\n\r\n".utf8)
        #expect(parser.next() == .needsMore && parser.isInRequest)
        parser.append("x".utf8)
        #expect(parser.next() != .needsMore && !parser.isInRequest)
    }

    @Test func anyBytesEnd() {
        var state: UInt64 = 7
        for _ in 0..<2000 {
            var parser = RequestParser(limits: RequestLimits())
            var text = Array("GET /x HTTP/1.1\r\nContent-Length: 3\r\nConnection: x\r\n\r\nabc".utf8)
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text[Int(state >> 33) % text.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            parser.append(text)
            var count = 0
            while parser.next() != .needsMore { count += 1 }
            #expect(count <= 3)
        }
    }
}

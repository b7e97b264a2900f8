/// The answer to one HTTP/1.1 request (RFC 9112), its body read as it comes: by length, in chunks, or to the end.
final class EngineResponse: BlobReader {
    /// The status code.
    let status: Int
    private let input: BufferedReader
    private let place: String
    private var framing: Framing

    private enum Framing {
        case length(Int64)
        // Bytes left of the current chunk; nil before its size has been read.
        case chunks(Int64?)
        case toEnd
        case ended
    }

    /// An engine's headers have a few hundred bytes.
    private static let largestHeader = 64 << 10
    /// One interim answer is usual.
    private static let largestInterimCount = 16

    /// Asks for a path and reads the answer's header.
    convenience init(
        get path: String,
        from endpoint: EngineEndpoint,
        patience: Patience,
        place: String
    ) throws(TransportError) {
        let connection = try EngineConnection(endpoint, patience: patience)
        // HTTP/1.1 rather than 1.0: some proxies before engines refuse the older one.
        try connection.send("GET \(path) HTTP/1.1\r\nHost: docker\r\nUser-Agent: bindery\r\nConnection: close\r\n\r\n")
        try self.init(reading: connection, place: place)
    }

    /// Reads the header of the answer to a request that was sent.
    init(reading connection: EngineConnection, place: String) throws(TransportError) {
        let input = BufferedReader(connection)
        self.input = input
        self.place = place
        connection.answerBegins()
        var budget = Self.largestHeader
        var interimCount = 0
        var first = try Self.line(input, &budget, place)
        while first.split(separator: " ").dropFirst().first?.hasPrefix("1") == true {
            interimCount += 1
            guard interimCount <= Self.largestInterimCount else {
                throw .engine(place: place, reason: "it sends interim answers without end")
            }
            // An interim answer such as 100 Continue: its header ends with an empty line, the real one follows.
            while try !Self.line(input, &budget, place).isEmpty {}
            first = try Self.line(input, &budget, place)
        }
        let words = first.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw .engine(place: place, reason: "it doesn't answer in HTTP/1.1: \(first)")
        }
        self.status = status
        framing = try Self.framing(input, &budget, place)
        connection.bodyBegins()
    }

    private static func framing(
        _ input: BufferedReader,
        _ budget: inout Int,
        _ place: String
    ) throws(TransportError) -> Framing {
        var framing = Framing.toEnd
        while true {
            let line = try line(input, &budget, place)
            if line.isEmpty { return framing }
            guard let colon = line.firstIndex(of: ":") else {
                throw .engine(place: place, reason: "a damaged header: \(line)")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }.lowercased()
            switch line[..<colon].lowercased() {
            case "transfer-encoding" where value.hasSuffix("chunked"): framing = .chunks(nil)
            case "content-length":
                guard let length = Int64(value), length >= 0 else {
                    throw .engine(place: place, reason: "a damaged length: \(value)")
                }
                // Chunks win over a length (RFC 9112, section 6.3).
                if case .toEnd = framing { framing = .length(length) }
            default: break
            }
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        switch framing {
        case .ended: return 0
        case .toEnd: return try input.read(into: buffer)
        case .length(let rest):
            let count = try readPart(buffer, rest)
            framing = rest == Int64(count) ? .ended : .length(rest - Int64(count))
            return count
        case .chunks(let rest):
            let next: Int64? = if let rest { rest } else { try nextChunk() }
            guard let size = next else { return 0 }
            let count = try readPart(buffer, size)
            framing = .chunks(size - Int64(count))
            if size == Int64(count) { try endChunk() }
            return count
        }
    }

    /// The rest of the body as text, at most so many bytes: for the engine's error messages.
    func text(limit: Int = 4096) throws(TransportError) -> String {
        String(decoding: try readBytes(self, count: limit), as: UTF8.self)
    }

    private func readPart(_ buffer: UnsafeMutableRawBufferPointer, _ rest: Int64) throws(TransportError) -> Int {
        guard rest > 0 else { return 0 }
        let wanted = Int(min(Int64(buffer.count), rest))
        let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
        guard count > 0 else { throw .engine(place: place, reason: "the connection ended in the middle of the answer") }
        return count
    }

    private func nextChunk() throws(TransportError) -> Int64? {
        var budget = Self.largestHeader
        let line = try Self.line(input, &budget, place)
        let digits = line.prefix { $0 != ";" && $0 != " " }
        guard !digits.isEmpty, !digits.hasPrefix("+"), let size = Int64(digits, radix: 16), size >= 0 else {
            throw .engine(place: place, reason: "a damaged chunk size: \(line)")
        }
        guard size == 0 else { return size }
        while try !Self.line(input, &budget, place).isEmpty {}  // the trailer
        framing = .ended
        return nil
    }

    private func endChunk() throws(TransportError) {
        var budget = 16
        guard try Self.line(input, &budget, place).isEmpty else {
            throw .engine(place: place, reason: "a chunk is longer than it says")
        }
        framing = .chunks(nil)
    }

    private static func line(
        _ input: BufferedReader,
        _ budget: inout Int,
        _ place: String
    ) throws(TransportError) -> String {
        guard let line = try input.line(limit: budget) else {
            throw .engine(place: place, reason: "the answer's header is cut short or too long")
        }
        budget -= line.utf8.count
        return line
    }
}

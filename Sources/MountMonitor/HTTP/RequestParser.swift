/// Takes the requests of one connection apart, as far as this server answers them (RFC 9112).
///
/// Pure: bytes in, requests out. It knows no trailers and no chunks: a request with a transfer coding is answered, and
/// nothing behind its header is read any more, so that no one can hide a second one there.
struct RequestParser {
    /// A request whose header and body are there.
    struct Request: Equatable, Sendable {
        let method: String
        let target: String
        /// HTTP/1.0 instead of 1.1.
        var isOld = false
        /// Whether another one may follow.
        var isKeptAlive = true
    }

    enum Event: Equatable, Sendable {
        /// There is not enough yet.
        case needsMore
        case request(Request)
        /// It can't be answered but with that status, and nothing behind it can be read.
        case refused(status: Int, Request)
    }

    /// A request whose header is there.
    private struct Pending {
        let request: Request
        var bodyLeft: Int
    }

    private let limits: RequestLimits
    private var bytes: [UInt8] = []
    /// What is read and done with, at the front.
    private var start = 0
    /// Where the search for the header's end goes on.
    private var searched = 0
    private var pending: Pending?
    private var isRefused = false

    init(limits: RequestLimits) { self.limits = limits }

    /// Whether a request has begun and is not complete.
    var isInRequest: Bool { pending != nil || start < bytes.count }

    /// Takes bytes in; what follows a refusal is let go.
    mutating func append(_ more: some Sequence<UInt8>) { if !isRefused { bytes.append(contentsOf: more) } }

    /// The next request, until there is none.
    mutating func next() -> Event {
        guard !isRefused else { return .needsMore }
        if pending == nil {
            guard let head = header() else {
                guard bytes.count - start <= limits.headerBytes else { return refuse(431) }
                compact()
                return .needsMore
            }
            guard head.count <= limits.headerBytes else { return refuse(431) }
            if let refusal = read(head) { return refusal }
        }
        guard var pending else { return .needsMore }
        let taken = min(pending.bodyLeft, bytes.count - start)
        start += taken
        pending.bodyLeft -= taken
        guard pending.bodyLeft == 0 else {
            self.pending = pending
            compact()
            return .needsMore
        }
        self.pending = nil
        if !pending.request.isKeptAlive { isRefused = true }
        searched = start
        return .request(pending.request)
    }

    private mutating func refuse(_ status: Int, _ request: Request = Request(method: "GET", target: "")) -> Event {
        isRefused = true
        bytes = []
        start = 0
        var request = request
        request.isKeptAlive = false
        return .refused(status: status, request)
    }

    // Only where the bytes at hand are used up, since it moves the rest.
    private mutating func compact() {
        bytes.removeSubrange(..<start)
        searched = max(0, searched - start)
        start = 0
    }

    // The bytes up to the empty line; empty lines before a request are passed over.
    private mutating func header() -> ArraySlice<UInt8>? {
        while start < bytes.count, bytes[start] == 0x0D || bytes[start] == 0x0A { start += 1 }
        var place = max(start, searched)
        while place < bytes.count {
            if bytes[place] == 0x0A {
                let isEmptyLine =
                    (place > start && bytes[place - 1] == 0x0A)
                    || (place > start + 1 && bytes[place - 1] == 0x0D && bytes[place - 2] == 0x0A)
                if isEmptyLine {
                    let head = bytes[start...place]
                    start = place + 1
                    return head
                }
            }
            place += 1
        }
        searched = place
        return nil
    }

    // Sets `pending`, or gives back why not.
    private mutating func read(_ head: ArraySlice<UInt8>) -> Event? {
        var lines = head.split(separator: 0x0A, omittingEmptySubsequences: true)[...]
        guard let first = lines.popFirst() else { return refuse(400) }
        let words = RequestParser.trimmed(first).split(separator: 0x20, omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(RequestParser.isTokenByte),
            !words[1].isEmpty, words[1].allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return refuse(400) }
        let version = String(decoding: words[2], as: UTF8.self)
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            return refuse(version.hasPrefix("HTTP/") ? 505 : 400)
        }
        var request = Request(
            method: String(decoding: words[0], as: UTF8.self),
            target: String(decoding: words[1], as: UTF8.self),
            isOld: version == "HTTP/1.0",
            isKeptAlive: version == "HTTP/1.1"
        )
        var length: Int?
        var fields = 0
        for line in lines {
            let line = RequestParser.trimmed(line)
            if line.isEmpty { continue }
            fields += 1
            guard fields <= limits.headerFields else { return refuse(431, request) }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy(RequestParser.isTokenByte)
            else { return refuse(400, request) }
            let (name, value) = (line[..<colon], RequestParser.trimmed(line[line.index(after: colon)...]))
            switch name.count {
            case 10 where RequestParser.equals(name, "connection"):
                for option in value.split(separator: UInt8(ascii: ",")).map(RequestParser.trimmed) {
                    if RequestParser.equals(option, "close") { request.isKeptAlive = false }
                    if request.isOld, RequestParser.equals(option, "keep-alive") { request.isKeptAlive = true }
                }
            case 14 where RequestParser.equals(name, "content-length"):
                guard !value.isEmpty, value.allSatisfy({ (0x30...0x39).contains($0) }),
                    let number = Int(String(decoding: value, as: UTF8.self)), length == nil || length == number
                else { return refuse(400, request) }
                length = number
            case 17 where RequestParser.equals(name, "transfer-encoding"): request.isKeptAlive = false
            default: break
            }
        }
        guard (length ?? 0) <= limits.bodyBytes else { return refuse(413, request) }
        pending = Pending(request: request, bodyLeft: length ?? 0)
        return nil
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0D { bytes.removeLast() }
        return bytes
    }

    // RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    // Without regard to letter case; `name` is lower case and has no byte that differs from a letter by that bit.
    private static func equals(_ bytes: ArraySlice<UInt8>, _ name: StaticString) -> Bool {
        guard bytes.count == name.utf8CodeUnitCount else { return false }
        var letter = name.utf8Start
        for byte in bytes {
            guard byte | 0x20 == letter.pointee else { return false }
            letter += 1
        }
        return true
    }
}

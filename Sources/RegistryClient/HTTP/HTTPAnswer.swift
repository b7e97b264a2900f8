import ImageTransport
import NIOHTTP1
import SystemIO

/// The answer to one request, its body read as it comes.
///
/// Letting it go ends the exchange.
final class HTTPAnswer {
    let status: Int
    let headers: HTTPHeaders
    private let exchange: Exchange

    init(_ head: HTTPResponseHead, _ exchange: Exchange) {
        status = Int(head.status.code)
        headers = head.headers
        self.exchange = exchange
    }

    deinit {
        exchange.close()
    }

    /// Whether its status leads elsewhere.
    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether the same request may succeed a little later: time-outs, limits, a server that is not ready, and
    /// Cloudflare's words for these (520 to 524).
    var isTemporaryFailure: Bool {
        [408, 425, 429, 500, 502, 503, 504].contains(status) || (520...524).contains(status)
    }

    /// Whether a server that fails may do so because of what it was sent, as gateways answer bodies that are too large.
    var mayBlameTheBody: Bool { status >= 500 && status != 503 }

    /// The first field of a name.
    func field(_ name: String) -> String? { headers.first(name: name) }

    /// Reads up to the buffer's size, at least one byte; 0 at the end.
    ///
    /// Throws when the connection breaks off.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPFailure) -> Int {
        try exchange.read(into: buffer)
    }

    /// The whole body; nil when it is longer than the limit.
    func bytes(limit: Int) throws(HTTPFailure) -> [UInt8]? {
        var result: [UInt8] = []
        let buffer = ReadBuffer()
        while case let count = try read(into: buffer.bytes), count > 0 {
            guard count <= limit - result.count else { return nil }
            result.append(contentsOf: buffer.prefix(count))
        }
        return result
    }

    /// Reads a short body to its end.
    func drain() {
        _ = try? bytes(limit: 64 << 10)
    }
}

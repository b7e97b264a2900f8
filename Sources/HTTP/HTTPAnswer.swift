import ImageTransport
package import NIOHTTP1
import SystemIO

/// The answer to one request, its body read as it comes.
///
/// Letting it go ends the exchange.
package final class HTTPAnswer {
    /// The status code.
    package let status: Int
    /// The header.
    package let headers: HTTPHeaders
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
    package var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    /// Whether the same request may succeed a little later: time-outs, limits, a server that is not ready, and
    /// Cloudflare's words for these (520 to 524).
    package var isTemporaryFailure: Bool {
        [408, 425, 429, 500, 502, 503, 504].contains(status) || (520...524).contains(status)
    }

    /// Whether a server that fails may do so because of what it was sent, as gateways answer bodies that are too large.
    package var mayBlameTheBody: Bool { status >= 500 && status != 503 }

    /// The first field of a name.
    package func field(_ name: String) -> String? { headers.first(name: name) }

    /// Reads up to the buffer's size, at least one byte; 0 at the end.
    ///
    /// Throws when the connection breaks off.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPFailure) -> Int {
        try exchange.read(into: buffer)
    }

    /// The whole body; nil when it is longer than the limit.
    package func bytes(limit: Int) throws(HTTPFailure) -> [UInt8]? {
        var result: [UInt8] = []
        let buffer = ReadBuffer()
        while case let count = try read(into: buffer.bytes), count > 0 {
            guard count <= limit - result.count else { return nil }
            result.append(contentsOf: buffer.prefix(count))
        }
        return result
    }

    /// Reads a short body to its end.
    package func drain() {
        _ = try? bytes(limit: 64 << 10)
    }
}

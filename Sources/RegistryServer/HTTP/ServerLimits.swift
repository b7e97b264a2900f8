import NIOCore
import NIOHTTP1

/// What a client may take of the server.
package struct ServerLimits: Sendable {
    /// Connections at one time: further ones take the place of those that wait longest for their client.
    package var connections = 1024
    /// How long a client may take for its next request, from the end of the last answer to the end of the request, in
    /// milliseconds.
    package var requestTime: Int64 = 30_000
    /// How long a client may take for a piece of an answer, in milliseconds.
    package var pieceTime: Int64 = 60_000
    /// How long answers may still take when the server stops, in milliseconds.
    package var stopTime: Int64 = 30_000
    /// A request's method, target and header fields together, in bytes.
    package var headerBytes = 32 << 10
    /// The fields of a request.
    package var headerFields = 100
    /// The content of a request that has no use for one, in bytes.
    package var bodyBytes = 64 << 10

    /// What is sent of a file before the client's time begins anew, in bytes.
    static let piece: Int64 = 1 << 20

    /// The same where it passes through memory on its way to be encrypted, in bytes.
    static let securePiece: Int64 = 256 << 10

    /// The limits that suit a registry.
    package init() {}

    var decoder: NIOHTTPDecoderLimitConfiguration {
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = headerBytes
        decoder.maxHeaderListSize = headerBytes
        decoder.maxHeaderFieldCount = headerFields
        return decoder
    }
}

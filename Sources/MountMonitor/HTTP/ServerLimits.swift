internal import NIOCore

/// What a client may take of the server.
///
/// Probes and scrapes need a fraction of it.
struct ServerLimits: Sendable {
    /// Connections at one time; further ones are closed at once.
    var connections = 256
    /// Bytes of a request's header fields, and of its line.
    var headerBytes = 16 * 1024
    var headerFields = 64
    /// Bytes of a request's body, which nothing here reads.
    var bodyBytes = 16 * 1024
    /// For a new connection's first request as a whole, and for what follows a request's header.
    var readTimeout = TimeAmount.seconds(10)
    /// From an answer's start until the client has taken it.
    var writeTimeout = TimeAmount.seconds(10)
    /// For the next request, on a connection that is kept.
    var idleTimeout = TimeAmount.seconds(60)
}

/// How long a request may be.
struct RequestLimits: Sendable {
    /// Bytes of a request's line and header fields.
    var headerBytes = 16 * 1024
    var headerFields = 64
    /// Bytes of a request's body, which nothing here reads.
    var bodyBytes = 16 * 1024
}

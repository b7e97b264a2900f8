import NIOCore

/// What a client may take of the server.
///
/// Probes and scrapes need a fraction of it.
struct ProbeLimits: Sendable {
    private static let mostConnections = 512
    /// Files that are open beside those of connections and mounts: event loops, the account's files, streams.
    private static let otherFiles = 32

    /// Connections at one time; for a further one the longest idle is closed.
    ///
    /// A few hundred clients that ask without a pause have up to twice as many open, since the server learns of a
    /// connection's end after its client has begun the next.
    var connections = mostConnections
    /// Connections that are taken before those that are there are read again.
    var acceptsPerRound: UInt = 32
    /// Bytes of answers to what came at once; a client that asks for more is cut off behind them.
    var answerBytes = 256 * 1024
    var request = RequestLimits()
    /// For a new connection's first request as a whole, and for what follows a request's header.
    var readTimeout = TimeAmount.seconds(10)
    /// From an answer's start until the client has taken it.
    var writeTimeout = TimeAmount.seconds(10)
    /// For the next request, on a connection that is kept.
    var idleTimeout = TimeAmount.seconds(60)

    init() {}

    /// With no more connections than leave each mount a file, where so many files may be open.
    init(openFiles: Int, mounts: Int) {
        connections = min(ProbeLimits.mostConnections, max(1, openFiles - mounts - ProbeLimits.otherFiles))
    }
}

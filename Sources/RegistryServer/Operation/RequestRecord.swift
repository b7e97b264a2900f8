import NIOHTTP1

/// What the log says of a request that has ended.
package struct RequestRecord: Sendable {
    package let id: String
    package let address: String
    /// The user or token that made it; nil for anybody.
    package let user: String?
    package let method: String
    /// The path without the query; the id of an upload, which is all that it takes to go on with it, is left out.
    package let path: String
    /// The status that was answered; nil where the client went before.
    package let status: UInt?
    /// The digest that the answer names.
    package let digest: String?
    /// The bytes of the request's content, and of the answer's.
    package let taken: Int64
    package let sent: Int64
    package let isCut: Bool
    package let milliseconds: Int64
    /// Whether it changed something, or was to and wasn't let: steps of an upload before its last are none.
    package let isWrite: Bool
    /// Whether it is a probe, or asks for the counts.
    package let isProbe: Bool

    init(_ exchange: Exchange, _ outcome: Traffic.Outcome, milliseconds: Int64) {
        (id, address, user) = (exchange.id, exchange.address, exchange.user)
        method = exchange.method.rawValue
        path = Self.path(exchange)
        (status, digest) = (outcome.status, outcome.digest)
        (taken, sent, isCut) = (outcome.taken, outcome.sent, outcome.isCut)
        self.milliseconds = milliseconds
        let isChanging = [.PUT, .POST, .PATCH, .DELETE].contains(exchange.method) && exchange.kind != .identify
        isWrite = isChanging && outcome.status != 202 || exchange.method == .DELETE
        isProbe = exchange.kind == .health || exchange.kind == .metrics
    }

    private static let longestPath = 512

    private static func path(_ exchange: Exchange) -> String {
        let path = exchange.target.prefix { $0 != "?" }
        guard exchange.kind == .upload, let end = path.lastIndex(of: "/") else {
            return String(path.prefix(longestPath))
        }
        return String(path[...end].prefix(longestPath)) + "…"
    }
}

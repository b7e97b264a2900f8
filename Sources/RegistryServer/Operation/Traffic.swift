import NIOHTTP1
import Synchronization

/// Counts the requests of a server, and tells its log of each that has ended.
package final class Traffic: Sendable {
    /// What counts of one kind of request.
    struct Group: Hashable {
        let kind: RequestKind
        let method: String
        /// 0 where the client went before there was an answer.
        let status: UInt
    }

    /// How long requests of one kind took.
    struct Times {
        /// In each bucket alone, and behind the last bound.
        var counts = [UInt64](repeating: 0, count: Traffic.bounds.count + 1)
        /// In seconds.
        var sum = 0.0
    }

    /// What was counted.
    struct Counts {
        var requests: [Group: UInt64] = [:]
        var times: [RequestKind: Times] = [:]
        /// The bytes of contents.
        var taken: [RequestKind: UInt64] = [:]
        var sent: [RequestKind: UInt64] = [:]
        var inFlight = 0
    }

    /// The buckets' upper bounds, in seconds: from an answer out of memory to a large blob over a slow line.
    static let bounds = [0.005, 0.025, 0.1, 0.5, 2.5, 10, 60, 600]

    private let state = Mutex(Counts())
    private let number = Atomic<UInt64>(0)
    /// Tells the requests of one start of the server from those of another.
    private let prefix: String
    private let ended: @Sendable (RequestRecord) -> Void

    /// `prefix` begins the ids of all requests; `ended` is told of each, on the thread of its connection.
    package init(prefix: String = "", ended: @escaping @Sendable (RequestRecord) -> Void = { _ in }) {
        (self.prefix, self.ended) = (prefix, ended)
    }

    /// A request has come.
    func begin(_ head: HTTPRequestHead, from address: String) -> Exchange {
        let number = number.add(1, ordering: .relaxed).newValue
        state.withLock { $0.inFlight += 1 }
        return Exchange(id: "\(prefix)\(number)", address: address, head, begin: .now)
    }

    /// Its answer is sent, or its client has gone.
    func end(_ exchange: Exchange, _ outcome: Outcome) {
        let duration = ContinuousClock.now - exchange.begin
        let seconds = duration / .seconds(1)
        let (kind, method) = (exchange.kind, Self.word(exchange.method))
        state.withLock { state in
            state.inFlight -= 1
            state.requests[Group(kind: kind, method: method, status: outcome.status ?? 0), default: 0] &+= 1
            state.taken[kind, default: 0] &+= UInt64(max(outcome.taken, 0))
            state.sent[kind, default: 0] &+= UInt64(max(outcome.sent, 0))
            let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
            state.times[kind, default: Times()].counts[bucket] &+= 1
            state.times[kind, default: Times()].sum += seconds
        }
        ended(RequestRecord(exchange, outcome, milliseconds: Int64(duration / .milliseconds(1))))
    }

    /// What became of a request.
    struct Outcome {
        /// The status that was answered; nil where there was no answer.
        var status: UInt?
        /// The digest that the answer names.
        var digest: String?
        /// Bytes of the contents of the request and of the answer.
        var taken: Int64 = 0
        var sent: Int64 = 0
        /// Whether the connection ended before the answer did.
        var isCut = false
    }

    /// What was counted until now.
    var counts: Counts { state.withLock(\.self) }

    // Clients may invent methods, and counts are kept for each.
    private static func word(_ method: HTTPMethod) -> String {
        [.GET, .HEAD, .PUT, .POST, .PATCH, .DELETE].contains(method) ? method.rawValue : "other"
    }
}

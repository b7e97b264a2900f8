import NIOHTTP1
import Synchronization

/// One request, from its head to the end of its answer: what the log and the counts say of it.
final class Exchange: Sendable {
    /// The request that this thread answers; nil outside of one.
    @TaskLocal static var current: Exchange?

    /// Its name in the log and in the answer's field `X-Request-Id`.
    let id: String
    /// The client's address.
    let address: String
    let method: HTTPMethod
    let target: String
    let kind: RequestKind
    let begin: ContinuousClock.Instant
    private let known = Mutex<Result<Caller, any Error>?>(nil)

    init(id: String, address: String, _ head: HTTPRequestHead, begin: ContinuousClock.Instant) {
        (self.id, self.address, method, target) = (id, address, head.method, head.uri)
        kind = RequestKind(target: head.uri)
        self.begin = begin
    }

    /// Who makes the request, or why nobody is taken for it; nil until that was looked up.
    ///
    /// Kept, so that a password is compared once for each request.
    var caller: Result<Caller, any Error>? {
        get { known.withLock(\.self) }
        set { known.withLock { $0 = newValue } }
    }

    /// The user or token that makes the request; nil for anybody, and for one who isn't known.
    var user: String? {
        guard case .success(let caller)? = caller else { return nil }
        return caller.name
    }
}

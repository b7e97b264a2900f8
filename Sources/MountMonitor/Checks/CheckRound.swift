/// Which read of a mount is under way and what its rounds make of it.
///
/// Pure: the caller reads, waits and tells the time.
///
/// A hung read can't be cancelled: the thread stays in the kernel until the file system answers. So there is one read
/// at most; while it hangs, each round fails at once and says since when.
struct CheckRound: Equatable, Sendable {
    private enum Phase: Equatable, Sendable {
        case idle
        /// A round waits for the read.
        case reading(since: Instant, WallTime)
        /// The read went over its time and has not come back.
        case hung(since: Instant, WallTime)
    }

    /// What the caller has to do at the start of a round.
    enum Action: Equatable, Sendable {
        /// Start a read, call `finish` when it is back and `timeOut` when its time is up.
        case read
        /// The round is over, with that result.
        case result(CheckResult)
        /// The last round still waits; this one is left out.
        case skip
    }

    var readTimeout: GoDuration
    private var phase = Phase.idle

    init(readTimeout: GoDuration) { self.readTimeout = readTimeout }

    /// Since when a read hangs that went over its time; nil when none does.
    var hungSince: WallTime? {
        if case .hung(_, let since) = phase { since } else { nil }
    }

    /// A round is due.
    mutating func begin(at now: Instant, _ wall: WallTime) -> Action {
        switch phase {
        case .idle:
            phase = .reading(since: now, wall)
            return .read
        case .reading: return .skip
        case .hung(_, let since):
            let failure = "context deadline exceeded: a read hangs since \(since.rfc3339)"
            return .result(CheckResult(failure: failure, duration: .zero))
        }
    }

    /// The read's time is up; nil when it is back already.
    mutating func timeOut(at now: Instant) -> CheckResult? {
        guard case .reading(let since, let wall) = phase else { return nil }
        phase = .hung(since: since, wall)
        return CheckResult(failure: "context deadline exceeded: no answer within \(readTimeout)", duration: now - since)
    }

    /// The read is back; nil when its round had been given up, which leaves the next round an ordinary check.
    mutating func finish(failure: String?, at now: Instant) -> CheckResult? {
        defer { phase = .idle }
        guard case .reading(let since, _) = phase else { return nil }
        return CheckResult(failure: failure, duration: now - since)
    }
}

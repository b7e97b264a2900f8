/// How long to wait before a request to the API server is repeated, without end.
///
/// `maxRetries` pauses double from `retryBackoffInitial` to `retryBackoffMax`; then they grow on, to a minute for what
/// passes by itself, to ten for what somebody has to change.
struct RetryPauses: Equatable, Sendable {
    /// What a request failed with, as far as it matters here.
    enum Kind: Equatable, Sendable {
        /// An outage; with the time that the API server asks to be left alone for.
        case passing(retryAfter: GoDuration?)
        /// Missing permission.
        case lasting
    }

    static let longestPassing = GoDuration.seconds(60)
    static let longestLasting = GoDuration.seconds(600)
    /// The most that a Retry-After counts.
    static let longestRetryAfter = GoDuration.seconds(600)
    /// How much shorter a pause may be, so that the pods of a cluster don't ask all at once.
    static let jitter = 0.2

    private let maxRetries: Int
    private let longestAtFirst: GoDuration
    private let initial: GoDuration
    private var last: GoDuration?
    private(set) var count = 0

    init(_ configuration: WatchdogConfiguration) {
        maxRetries = configuration.maxRetries
        initial = configuration.retryBackoffInitial
        longestAtFirst = max(configuration.retryBackoffMax, initial)
    }

    /// The next pause; `random` is from 0 to 1.
    mutating func next(_ kind: Kind, random: Double) -> GoDuration {
        count = count == .max ? .max : count + 1
        let ceiling =
            switch kind {
            case .passing: max(RetryPauses.longestPassing, longestAtFirst)
            case .lasting: max(RetryPauses.longestLasting, longestAtFirst)
            }
        let pause = min(last.map { $0 * 2 } ?? initial, count <= maxRetries ? longestAtFirst : ceiling)
        last = pause
        let share = 1 - RetryPauses.jitter * random
        let jittered = GoDuration.nanoseconds(Int64(Double(pause.nanoseconds) * share))
        guard case .passing(let asked?) = kind else { return jittered }
        return max(jittered, min(asked, RetryPauses.longestRetryAfter))
    }
}

/// Says a reason when it changes, and otherwise once an hour.
struct ReasonLog: Equatable, Sendable {
    static let interval = GoDuration.seconds(3600)

    private var last: (reason: String, at: Instant)?

    static func == (left: ReasonLog, right: ReasonLog) -> Bool {
        left.last?.reason == right.last?.reason && left.last?.at == right.last?.at
    }

    /// Whether that reason is to be logged now; a call that is answered with true counts as logged.
    mutating func isDue(_ reason: String, at now: Instant) -> Bool {
        if let last, last.reason == reason, now - last.at < ReasonLog.interval { return false }
        last = (reason, now)
        return true
    }

    /// What failed has worked: the same reason is news the next time.
    mutating func clear() { last = nil }
}

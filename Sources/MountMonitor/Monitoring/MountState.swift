/// How a mount is.
enum MountStatus: String, CaseIterable, Sendable {
    /// Not checked yet.
    case unknown
    case healthy
    /// The last checks failed, but fewer than the threshold.
    case degraded
    /// At least as many checks in a row failed as the threshold says.
    case unhealthy
}

/// What a mount's checks have come to.
///
/// Pure: the caller checks and tells the time.
struct MountState: Equatable, Sendable {
    /// A change of status, and what made it.
    struct Transition: Equatable, Sendable {
        /// The names that log lines carry.
        enum Trigger: String, Sendable {
            case checkPassed = "check_passed"
            case checkFailed = "check_failed"
            /// A check passed, and the mount was unhealthy.
            case recovered
        }

        let previous: MountStatus
        let new: MountStatus
        let trigger: Trigger
    }

    private(set) var status = MountStatus.unknown
    /// Failures since the last check that passed.
    private(set) var failureCount = 0
    private(set) var lastCheck: WallTime?
    /// Why the last check failed; nil when it passed.
    private(set) var lastError: String?
    private(set) var lastSuccess: Instant?

    /// Takes a check's result in; nil when the status stays what it was.
    mutating func record(_ result: CheckResult, threshold: Int, at now: Instant, _ wall: WallTime) -> Transition? {
        let previous = status
        lastCheck = wall
        lastError = result.failure
        if result.passed {
            failureCount = 0
            lastSuccess = now
            status = .healthy
        } else {
            failureCount = failureCount == .max ? .max : failureCount + 1
            status = failureCount >= threshold ? .unhealthy : .degraded
        }
        guard status != previous else { return nil }
        let trigger: Transition.Trigger =
            switch (result.passed, previous) {
            case (false, _): .checkFailed
            case (true, .unhealthy): .recovered
            case (true, _): .checkPassed
            }
        return Transition(previous: previous, new: status, trigger: trigger)
    }
}

/// Decides when the pod is to be restarted.
///
/// Pure: the caller tells the time, keeps the timer and deletes the pod.
///
/// It knows all unhealthy mounts, whatever state it is in: one that was unhealthy before the watchdog was armed counts,
/// and when the mount that a restart is for recovers, the next one takes its place.
struct WatchdogMachine: Equatable, Sendable {
    /// A mount that is unhealthy.
    struct Cause: Equatable, Sendable {
        let mount: MountConfiguration
        let failureCount: Int
        /// When it became so.
        let since: Instant
        /// Why its last check failed.
        var lastError: String?
        /// Whether a check of it has ever passed.
        var wasHealthy = true
    }

    /// What the caller has to do, in order.
    enum Effect: Equatable, Sendable {
        /// A restart is pending: call `timerFired` at that time, with that number.
        case setTimer(Instant, number: Int)
        /// The pending restart is for that mount now.
        case pending(Cause)
        /// Nothing is pending any more, since that mount was the last unhealthy one.
        case cancelled(MountConfiguration)
        /// Delete the pod, because of that mount, while `isUnderWay` says so of that number.
        case restart(Cause, number: Int)
    }

    private(set) var state = WatchdogState.disabled
    private var restartDelay = GoDuration.zero
    private var onlyAfterHealthy = false
    /// In the order they became unhealthy.
    private var unhealthy: [Cause] = []
    /// The mount of the restart that is pending or under way.
    private var pending: Cause?
    /// No restart before then: the budget is spent.
    private var notBefore: Instant?
    private var isDeleted = false
    /// Tells a timer or a restart of an earlier plan from the present one.
    private var number = 0

    /// The watchdog asks whether it may restart the pod.
    mutating func beginArming() { if state == .disabled { state = .arming } }

    /// The watchdog may restart the pod from now on, or has new settings.
    mutating func arm(_ configuration: WatchdogConfiguration) -> [Effect] {
        restartDelay = configuration.restartDelay
        onlyAfterHealthy = configuration.onlyAfterHealthy
        if state == .disabled || state == .arming { state = .armed }
        // A restart that is pending is planned again, with the new settings.
        if state == .pendingRestart { (state, pending, notBefore) = (.armed, nil, nil) }
        return planned()
    }

    /// The watchdog may not restart the pod any more, nor go on with a restart.
    mutating func disarm() {
        guard !isDeleted else { return }
        (state, pending, notBefore) = (.disabled, nil, nil)
        number += 1
    }

    /// A mount became unhealthy.
    mutating func becameUnhealthy(_ cause: Cause) -> [Effect] {
        unhealthy.removeAll { $0.mount.identity == cause.mount.identity }
        unhealthy.append(cause)
        return planned()
    }

    /// A mount is no longer unhealthy, or no longer watched.
    mutating func recovered(_ mount: MountConfiguration) -> [Effect] {
        unhealthy.removeAll { $0.mount.identity == mount.identity }
        return planned()
    }

    /// The timer of that number has run out.
    mutating func timerFired(number: Int) -> [Effect] {
        guard state == .pendingRestart, number == self.number, let pending else { return [] }
        (state, notBefore) = (.triggered, nil)
        return [.restart(pending, number: number)]
    }

    /// Whether the restart of that number goes on: its mounts have not recovered.
    func isUnderWay(_ number: Int) -> Bool { state == .triggered && number == self.number }

    /// The mount that the restart under way is for.
    var cause: Cause? { pending }

    /// The restart of that number has to wait.
    mutating func postpone(_ number: Int, until time: Instant) -> [Effect] {
        guard isUnderWay(number), !isDeleted else { return [] }
        (state, notBefore) = (.pendingRestart, time)
        self.number += 1
        return [.setTimer(time, number: self.number)]
    }

    /// The pod is on its way out, so nothing is taken back any more.
    mutating func deleted() { (state, isDeleted) = (.triggered, true) }

    /// The pod is not on its way out after all.
    ///
    /// The restart goes on while a mount is unhealthy.
    mutating func notDeleted() -> [Effect] {
        isDeleted = false
        return planned()
    }

    // Makes the state follow from the mounts. Each mount's delay counts from when it became unhealthy, so the first
    // in the list is always the one that is due first.
    private mutating func planned() -> [Effect] {
        guard !isDeleted, state != .disabled, state != .arming else { return [] }
        guard let cause = unhealthy.first(where: { $0.wasHealthy || !onlyAfterHealthy }) else {
            guard let last = pending else { return [] }
            (state, pending, notBefore) = (.armed, nil, nil)
            number += 1
            return [.cancelled(last.mount)]
        }
        guard cause != pending else { return [] }
        pending = cause
        // A restart that is under way goes on, for this mount now.
        if state == .triggered { return [] }
        state = .pendingRestart
        number += 1
        return [.pending(cause), .setTimer(max(cause.since + restartDelay, notBefore ?? cause.since), number: number)]
    }
}

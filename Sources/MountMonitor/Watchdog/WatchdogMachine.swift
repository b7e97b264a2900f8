/// Decides when the pod is to be restarted.
///
/// Pure: the caller tells the time, keeps the timer and deletes the pod.
///
/// It knows all unhealthy mounts, whatever state it is in: one that was unhealthy before the watchdog was armed counts,
/// and when the mount that a restart is pending for recovers, the next one takes its place.
struct WatchdogMachine: Equatable, Sendable {
    /// A mount that is unhealthy.
    struct Cause: Equatable, Sendable {
        let mount: MountConfiguration
        let failureCount: Int
        /// When it became so.
        let since: Instant
    }

    /// What the caller has to do, in order.
    enum Effect: Equatable, Sendable {
        /// A restart is pending: call `timerFired` at that time, with that number.
        case setTimer(Instant, number: Int)
        /// The pending restart is for that mount now.
        case pending(Cause)
        /// Nothing is pending any more, since that mount was the last unhealthy one.
        case cancelled(MountConfiguration)
        /// Delete the pod, because of that mount.
        case restart(Cause)
    }

    private(set) var state = WatchdogState.disabled
    private var restartDelay = GoDuration.zero
    /// In the order they became unhealthy.
    private var unhealthy: [Cause] = []
    /// The restart's mount while one is pending.
    private var pending: Cause?
    /// Tells a timer that was set for an earlier plan from the present one.
    private var timerNumber = 0

    /// The watchdog may restart the pod from now on, or has a new delay.
    mutating func arm(restartDelay: GoDuration) -> [Effect] {
        self.restartDelay = restartDelay
        if state == .disabled { state = .armed }
        // A restart that is pending is planned again, with the new delay.
        if state == .pendingRestart { pending = nil }
        return planned()
    }

    /// The watchdog may not restart the pod any more.
    ///
    /// One that is under way goes on.
    mutating func disarm() {
        guard state != .triggered else { return }
        state = .disabled
        pending = nil
        timerNumber += 1
    }

    /// A mount became unhealthy.
    mutating func becameUnhealthy(_ mount: MountConfiguration, failureCount: Int, at now: Instant) -> [Effect] {
        unhealthy.removeAll { $0.mount.identity == mount.identity }
        unhealthy.append(Cause(mount: mount, failureCount: failureCount, since: now))
        return planned()
    }

    /// A mount is no longer unhealthy, or no longer watched.
    mutating func recovered(_ mount: MountConfiguration) -> [Effect] {
        unhealthy.removeAll { $0.mount.identity == mount.identity }
        return planned()
    }

    /// The timer of that number has run out.
    mutating func timerFired(number: Int) -> [Effect] {
        guard state == .pendingRestart, number == timerNumber, let pending else { return [] }
        state = .triggered
        return [.restart(pending)]
    }

    // Makes the state follow from the mounts. Each mount's delay counts from when it became unhealthy, so the first
    // in the list is always the one that is due first.
    private mutating func planned() -> [Effect] {
        guard state == .armed || state == .pendingRestart else { return [] }
        guard let cause = unhealthy.first else {
            guard let last = pending else { return [] }
            (state, pending) = (.armed, nil)
            timerNumber += 1
            return [.cancelled(last.mount)]
        }
        guard cause != pending else { return [] }
        (state, pending) = (.pendingRestart, cause)
        timerNumber += 1
        return [.pending(cause), .setTimer(cause.since + restartDelay, number: timerNumber)]
    }
}

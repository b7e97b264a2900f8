import NIOCore

/// What the watched mounts share: where they run, what time it is, and who hears of it.
struct MonitorSurroundings: Sendable {
    let loop: any EventLoop
    let clock: Clock
    let logger: Logger
    /// From -1 to 1, evenly spread: where in the jitter's range a round falls.
    let random: @Sendable () -> Double
    /// Called for each change of a mount's status.
    var observe: @Sendable (MountConfiguration, MountState, MountState.Transition) -> Void

    /// How far a round may be from its time, so that the rounds of many pods on one server don't fall together.
    static let jitter = 0.1

    init(
        loop: any EventLoop,
        clock: Clock = .system,
        logger: Logger,
        random: @escaping @Sendable () -> Double = { .random(in: -1...1) },
        observe: @escaping @Sendable (MountConfiguration, MountState, MountState.Transition) -> Void = { _, _, _ in }
    ) {
        self.loop = loop
        self.clock = clock
        self.logger = logger
        self.random = random
        self.observe = observe
    }

    func jittered(_ interval: GoDuration) -> GoDuration {
        // Out of range only for an interval of centuries.
        guard interval < .seconds(1_000_000_000) else { return interval }
        let share = 1 + MonitorSurroundings.jitter * random()
        return .nanoseconds(Int64(Double(interval.nanoseconds) * share))
    }

    func report(
        _ mount: MountConfiguration,
        _ result: CheckResult,
        _ state: MountState,
        _ transition: MountState.Transition?
    ) {
        logger.log(
            result.passed ? .debug : .warn,
            result.passed ? "health check passed" : "health check failed",
            // The original's members in its order, which text logs show, and then ours.
            [
                .init("path", .string(mount.path)), .init("success", .bool(result.passed)),
                .init("duration", .string(result.duration.description)),
                .init("status", .string(state.status.rawValue)),
            ] + mount.nameFields + (result.failure.map { [.init("error", .string($0))] } ?? [])
                + [.init("failure_count", .integer(Int64(state.failureCount)))]
        )
        guard let transition else { return }
        logger.log(
            .info,
            "mount state changed",
            [
                .init("path", .string(mount.path)), .init("previous_state", .string(transition.previous.rawValue)),
                .init("new_state", .string(transition.new.rawValue)),
                .init("trigger", .string(transition.trigger.rawValue)),
            ] + mount.nameFields + [.init("failure_count", .integer(Int64(state.failureCount)))]
        )
    }
}

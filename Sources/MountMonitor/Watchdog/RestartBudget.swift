/// How many restarts there may be in a window of time, counted over all pods of one controller.
struct RestartBudget: Equatable, Sendable {
    /// What the count leads to.
    enum Decision: Equatable, Sendable {
        case allowed
        /// That long, until the window lets one more.
        case wait(GoDuration)
    }

    let limit: Int
    let window: GoDuration

    /// nil where restarts are not limited.
    init?(_ configuration: WatchdogConfiguration) {
        guard configuration.maxRestarts > 0 else { return nil }
        limit = configuration.maxRestarts
        window = configuration.restartWindow
    }

    /// Decides by the restarts that Events tell of.
    ///
    /// One of the future, by a clock that differs, counts as of now, so that no wait is longer than the window.
    func decide(_ restarts: [WallTime], at now: WallTime) -> Decision {
        let ages = restarts.map { max(.zero, now - $0) }.filter { $0 < window }.sorted()
        guard ages.count >= limit else { return .allowed }
        // Ages from the latest on: when this one has left the window, fewer than the limit are in it.
        let left = window + .nanoseconds(-ages[limit - 1].nanoseconds)
        return .wait(max(left, .seconds(1)))
    }
}

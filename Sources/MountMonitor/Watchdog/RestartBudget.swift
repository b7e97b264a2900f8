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

    /// Decides by how long ago the restarts so far were, none of them in the future.
    func decide(_ ages: [GoDuration]) -> Decision {
        let ages = ages.filter { $0 < window }.sorted()
        guard ages.count >= limit else { return .allowed }
        // Ages from the latest on: when this one has left the window, fewer than the limit are in it.
        let left = window + .nanoseconds(-ages[limit - 1].nanoseconds)
        return .wait(max(left, .seconds(1)))
    }
}

import NIOCore
import NIOEmbedded

@testable import MountMonitor

/// A watchdog with the API's answers, the clock and the timers in the test's hand.
final class WatchdogStage {
    let time = TestClock()
    let logs = LogCollector()
    let logger: Logger
    let api: ScriptedAPI
    let watchdog: Watchdog
    let mount = MountConfiguration(name: "films", path: "/films", canaryFile: "c", failureThreshold: 3)
    let other = MountConfiguration(name: "", path: "/series", canaryFile: "c", failureThreshold: 3)

    init(_ script: ScriptedAPI.Script = .init(), podUID: String? = nil) {
        logger = logs.logger(time.clock)
        let api = ScriptedAPI(time.loop, script)
        self.api = api
        watchdog = Watchdog(loop: time.loop, clock: time.clock, logger: logger, podUID: podUID, random: { 0 }) {
            () throws(APIFailure) in api
        }
    }

    func configure(_ change: (inout WatchdogConfiguration) -> Void = { _ in }) {
        var configuration = WatchdogConfiguration()
        configuration.enabled = true
        change(&configuration)
        watchdog.configure(configuration)
        time.loop.run()
    }

    var state: WatchdogState { watchdog.report.state }

    func fail(_ mount: MountConfiguration? = nil, wasHealthy: Bool = true) {
        var state = MountState()
        let results = (wasHealthy ? [nil] : []) + ["x", "x", "context deadline exceeded"]
        for failure in results {
            let result = CheckResult(failure: failure, duration: .zero)
            _ = state.record(result, threshold: 3, at: time.clock.instant(), time.clock.wall())
        }
        let transition = MountState.Transition(previous: .degraded, new: .unhealthy, trigger: .checkFailed)
        watchdog.mountChanged(mount ?? self.mount, state, transition)
        time.advance(.milliseconds(1))
    }

    func recover(_ mount: MountConfiguration? = nil) {
        let transition = MountState.Transition(previous: .unhealthy, new: .healthy, trigger: .recovered)
        watchdog.mountChanged(mount ?? self.mount, MountState(), transition)
        time.advance(.milliseconds(1))
    }

    /// The log's lines with that message.
    func lines(_ message: String) -> [JSON] {
        logger.flush(within: .seconds(600))
        return logs.records.filter { $0["msg"] == .string(message) }
    }

    var messages: [String] {
        logger.flush(within: .seconds(600))
        return logs.messages
    }
}

import NIOCore
import Synchronization

/// Restarts the pod when a mount stays unhealthy: brings the machine, the procedures, the timer and the API together.
///
/// It never gives up: whatever the API server does not answer, or denies, is asked again, with pauses.
final class Watchdog: Sendable {
    struct State {
        var machine = WatchdogMachine()
        var configuration = WatchdogConfiguration()
        var api: (any PodAPI)?
        /// Our pod, once it was found.
        var pod: Pod?
        var reason: WatchdogReason? = .configuration
        var error: String?
        var budget = WatchdogBudget.unlimited
        var history = RestartHistory()
        var timer: Scheduled<Void>?
        /// Tells what was asked for under an earlier configuration from the present one.
        var generation = 0
        var isStopped = false
    }

    /// How long after an accepted deletion the pod is looked at again, at least.
    static let confirmationPause = GoDuration.seconds(5)

    let state = Mutex(State())
    let loop: any EventLoop
    let clock: Clock
    let logger: Logger
    /// Our pod's UID as the environment has it; nil where it doesn't say.
    let podUID: String?
    /// From 0 to 1, evenly spread: how much shorter a pause is.
    let random: @Sendable () -> Double
    /// Gives the API of our pod; nil outside a cluster.
    ///
    /// Blocks.
    private let connect: @Sendable () throws(APIFailure) -> (any PodAPI)?

    init(
        loop: any EventLoop,
        clock: Clock = .system,
        logger: Logger,
        podUID: String? = nil,
        random: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        connect: @escaping @Sendable () throws(APIFailure) -> (any PodAPI)?
    ) {
        self.loop = loop
        self.clock = clock
        self.logger = logger
        self.podUID = podUID
        self.random = random
        self.connect = connect
    }

    /// Where it is now.
    var report: WatchdogReport {
        state.withLock { state in
            WatchdogReport(
                isEnabled: state.configuration.enabled,
                state: state.machine.state,
                reason: state.reason,
                error: state.error,
                pod: state.api?.pod,
                budget: state.budget
            )
        }
    }

    /// Takes on the configuration, at the start and when it was read again.
    ///
    /// Blocks for the account's files; the API server's answers come later.
    func configure(_ configuration: WatchdogConfiguration) {
        let (generation, mayRestart) = state.withLock { state in
            state.configuration = configuration
            state.generation += 1
            return (state.generation, ![.disabled, .arming].contains(state.machine.state))
        }
        guard configuration.enabled else {
            disable(.configuration)
            return logger.log(.info, "watchdog disabled by configuration")
        }
        if mayRestart {
            carryOut { $0.arm(configuration) }
            return countRestarts(generation)
        }
        do {
            guard let api = try connect() else {
                disable(.notInCluster)
                return warnDisabled(.notInCluster, [.init("detail", .string("not running in kubernetes"))])
            }
            state.withLock { state in
                state.api = api
                state.machine.beginArming()
            }
            arm(Arming(api: api, generation: generation, pauses: RetryPauses(configuration)))
        } catch {
            disable(.setup, error: error.description)
            warnDisabled(.setup, [.init("error", .string(error.description))])
        }
    }

    /// Hears of each change of a mount's status.
    func mountChanged(_ mount: MountConfiguration, _ mountState: MountState, _ transition: MountState.Transition) {
        if transition.new == .unhealthy {
            let cause = WatchdogMachine.Cause(
                mount: mount,
                failureCount: mountState.failureCount,
                since: clock.instant(),
                lastError: mountState.lastError,
                wasHealthy: mountState.lastSuccess != nil
            )
            carryOut { $0.becameUnhealthy(cause) }
        } else if transition.previous == .unhealthy {
            carryOut { $0.recovered(mount) }
        }
    }

    /// A mount is no longer watched.
    func forget(_ mount: MountConfiguration) { carryOut { $0.recovered(mount) } }

    /// Restarts nothing any more.
    func stop() {
        let wasRestarting = state.withLock { state in
            state.isStopped = true
            state.timer?.cancel()
            let wasRestarting = [.pendingRestart, .triggered].contains(state.machine.state)
            state.machine.disarm()
            return wasRestarting && state.machine.state == .disabled
        }
        if wasRestarting { logger.log(.info, "watchdog restart aborted due to shutdown") }
    }

    func disable(_ reason: WatchdogReason, error: String? = nil) {
        state.withLock { state in
            state.machine.disarm()
            state.timer?.cancel()
            (state.reason, state.error, state.budget) = (reason, error, .unlimited)
        }
    }

    /// Logs that it is enabled and off.
    func warnDisabled(_ reason: WatchdogReason, _ fields: [JSON.Member]) {
        logger.log(.warn, "watchdog disabled", [.init("reason", .string(reason.rawValue))] + fields)
    }

    /// Changes the machine and does what follows.
    func carryOut(_ change: (inout WatchdogMachine) -> [WatchdogMachine.Effect]) {
        for effect in state.withLock({ $0.isStopped ? [] : change(&$0.machine) }) {
            switch effect {
            case .pending(let cause):
                let delay = state.withLock { $0.configuration.restartDelay }
                logger.log(.warn, "watchdog restart pending", cause.logFields + [.init("delay", .duration(delay))])
            case .cancelled(let mount):
                state.withLock { state in
                    state.timer?.cancel()
                    (state.reason, state.error) = (nil, nil)
                }
                logger.log(
                    .info,
                    "watchdog restart cancelled",
                    mount.watchdogLogFields + [.init("reason", .string("mount_recovered"))]
                )
            case .setTimer(let time, let number):
                let pause = max(0, (time - clock.instant()).nanoseconds)
                let timer = loop.scheduleTask(in: .nanoseconds(pause)) { [self] in
                    carryOut { $0.timerFired(number: number) }
                }
                state.withLock { state in
                    state.timer?.cancel()
                    state.timer = timer
                }
            case .restart(let cause, let number): restart(cause, number)
            }
        }
    }
}

extension MountConfiguration {
    /// How the watchdog's log lines name it.
    var watchdogLogFields: [JSON.Member] {
        [.init("mount_path", .string(path))] + nameFields
    }
}

extension WatchdogMachine.Cause {
    var logFields: [JSON.Member] {
        mount.watchdogLogFields + [.init("failure_count", .integer(Int64(failureCount)))]
            + (lastError.map { [.init("last_error", .string($0))] } ?? [])
    }
}

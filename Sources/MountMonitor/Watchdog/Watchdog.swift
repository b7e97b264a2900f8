internal import NIOCore
internal import Synchronization

/// Restarts the pod when a mount stays unhealthy: brings the machine, the procedure, the timer and the API together.
final class Watchdog: Sendable {
    /// Why it stays disabled, as log lines name it.
    enum DisabledReason: String, Sendable {
        case configuration
        case notInCluster = "not_in_cluster"
        case setup = "k8s_client_error"
        case reviewFailed = "rbac_check_failed"
        case notAllowed = "rbac_missing"
    }

    private struct State {
        var machine = WatchdogMachine()
        var configuration = WatchdogConfiguration()
        var api: (any PodAPI)?
        var timer: Scheduled<Void>?
        /// Tells an access review that was asked for under an earlier configuration from the present one.
        var generation = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    private let loop: any EventLoop
    private let clock: Clock
    private let logger: Logger
    /// Gives the API of our pod; nil outside a cluster.
    ///
    /// Blocks.
    private let connect: @Sendable () throws(APIFailure) -> (any PodAPI)?
    /// Ends the process with that status.
    private let exit: @Sendable (Int32) -> Void

    init(
        loop: any EventLoop,
        clock: Clock = .system,
        logger: Logger,
        connect: @escaping @Sendable () throws(APIFailure) -> (any PodAPI)?,
        exit: @escaping @Sendable (Int32) -> Void
    ) {
        self.loop = loop
        self.clock = clock
        self.logger = logger
        self.connect = connect
        self.exit = exit
    }

    /// Where it is now.
    var current: WatchdogState { state.withLock { $0.machine.state } }

    /// Takes on the configuration, at the start and when it was read again: arms when it is enabled, in a cluster and
    /// allowed.
    ///
    /// Blocks for the account's files; the API server's answer comes later.
    func configure(_ configuration: WatchdogConfiguration) {
        let generation = state.withLock { state in
            state.configuration = configuration
            state.generation += 1
            return state.generation
        }
        guard configuration.enabled else { return disable(.configuration, .info) }
        let api: (any PodAPI)?
        do {
            api = try connect()
        } catch {
            return disable(.setup, .warn, error: error.description)
        }
        guard let api else { return disable(.notInCluster, .info) }
        state.withLock { $0.api = api }
        review(api, generation, attempt: 1, pause: configuration.retryBackoffInitial)
    }

    /// Hears of each change of a mount's status.
    func mountChanged(_ mount: MountConfiguration, _ mountState: MountState, _ transition: MountState.Transition) {
        let now = clock.instant()
        if transition.new == .unhealthy {
            carryOut { $0.becameUnhealthy(mount, failureCount: mountState.failureCount, at: now) }
        } else if transition.previous == .unhealthy {
            carryOut { $0.recovered(mount) }
        }
    }

    /// A mount is no longer watched.
    func forget(_ mount: MountConfiguration) { carryOut { $0.recovered(mount) } }

    /// Restarts nothing any more.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.timer?.cancel()
            state.machine.disarm()
        }
    }

    private func disable(_ reason: DisabledReason, _ level: LogLevel, error: String? = nil) {
        state.withLock { $0.machine.disarm() }
        logger.log(
            level,
            "watchdog disabled",
            [.init("reason", .string(reason.rawValue))] + (error.map { [.init("error", .string($0))] } ?? [])
        )
    }

    // The API server may not be there yet when the pod starts, so this has the deletion's retries.
    private func review(_ api: any PodAPI, _ generation: Int, attempt: Int, pause: GoDuration) {
        api.mayDeletePod().whenComplete { [self] result in
            let configuration = state.withLock { $0.generation == generation && !$0.isStopped ? $0.configuration : nil }
            guard let configuration else { return }
            switch result {
            case .success(true):
                logger.log(
                    .info,
                    "watchdog armed",
                    [.init("restart_delay", .string(configuration.restartDelay.description))]
                )
                carryOut { $0.arm(restartDelay: configuration.restartDelay) }
            case .success(false):
                disable(.notAllowed, .warn, error: "the service account may not delete its pod")
            case .failure(let error):
                guard attempt < configuration.maxRetries, APIFailure(describing: error).mayPass else {
                    return disable(.reviewFailed, .warn, error: APIFailure(describing: error).description)
                }
                loop.scheduleTask(in: .nanoseconds(pause.nanoseconds)) { [self] in
                    let next = min(pause * 2, configuration.retryBackoffMax)
                    review(api, generation, attempt: attempt + 1, pause: next)
                }
            }
        }
    }

    private func carryOut(_ change: (inout WatchdogMachine) -> [WatchdogMachine.Effect]) {
        for effect in state.withLock({ $0.isStopped ? [] : change(&$0.machine) }) {
            switch effect {
            case .pending(let cause):
                logger.log(.warn, "watchdog restart pending", cause.logFields)
            case .cancelled(let mount):
                state.withLock { $0.timer?.cancel() }
                logger.log(.info, "watchdog restart cancelled", mount.logFields)
            case .setTimer(let time, let number):
                let timer = loop.scheduleTask(in: .nanoseconds(max(0, (time - clock.instant()).nanoseconds))) {
                    [self] in
                    carryOut { $0.timerFired(number: number) }
                }
                state.withLock { state in
                    state.timer?.cancel()
                    state.timer = timer
                }
            case .restart(let cause):
                let (api, configuration) = state.withLock { ($0.api, $0.configuration) }
                guard let api else { continue }
                logger.log(.warn, "watchdog restart triggered", cause.logFields)
                let procedure = RestartProcedure(configuration)
                run(procedure.begin(), procedure, cause, api)
            }
        }
    }

    // Does a step and goes on with what its answer leads to.
    private func run(
        _ step: RestartProcedure.Step,
        _ procedure: RestartProcedure,
        _ cause: WatchdogMachine.Cause,
        _ api: any PodAPI
    ) {
        guard !state.withLock({ $0.isStopped }) else { return }
        switch step {
        case .lookUpPod:
            api.lookUpPod().whenComplete { [self] result in
                var procedure = procedure
                let facts = warn("pod could not be looked up", result)
                run(procedure.lookedUp(facts), procedure, cause, api)
            }
        case .createEvent(let uid):
            api.createEvent(cause.eventMessage, podUID: uid).whenComplete { [self] result in
                var procedure = procedure
                _ = warn("kubernetes event could not be created", result)
                run(procedure.eventCreated(), procedure, cause, api)
            }
        case .deletePod(let uid, let attempt):
            api.deletePod(uid: uid).whenSuccess { [self] outcome in
                var procedure = procedure
                report(outcome, attempt: attempt)
                run(procedure.deletionAnswered(outcome), procedure, cause, api)
            }
        case .pause(let pause):
            loop.scheduleTask(in: .nanoseconds(pause.nanoseconds)) { [self] in
                var procedure = procedure
                run(procedure.pauseEnded(), procedure, cause, api)
            }
        case .done(.deleted): break
        case .done(.alreadyTerminating): logger.log(.info, "pod already terminating, not deleted again")
        case .giveUp:
            logger.log(.error, "pod could not be deleted, exiting so that the container restarts")
            exit(1)
        }
    }

    private func warn<Value>(_ message: String, _ result: Result<Value, any Error>) -> Value? {
        switch result {
        case .success(let value): return value
        case .failure(let error):
            logger.log(.warn, message, [.init("error", .string(APIFailure(describing: error).description))])
            return nil
        }
    }

    private func report(_ outcome: DeletionOutcome, attempt: Int) {
        let fields: [JSON.Member] = [.init("attempt", .integer(Int64(attempt)))]
        switch outcome {
        case .done: logger.log(.info, "pod deleted", fields)
        case .refused(let reason):
            logger.log(.error, "pod deletion refused", fields + [.init("error", .string(reason))])
        case .failed(let reason):
            logger.log(.warn, "pod deletion failed", fields + [.init("error", .string(reason))])
        }
    }
}

extension WatchdogMachine.Cause {
    fileprivate var logFields: [JSON.Member] {
        mount.logFields + [.init("failure_count", .integer(Int64(failureCount)))]
    }

    fileprivate var eventMessage: String {
        let name = mount.name.isEmpty ? mount.path : "\(mount.name) (\(mount.path))"
        return "Mount \(name) unhealthy after \(failureCount) consecutive failures, triggering pod restart"
    }
}

extension APIFailure {
    /// Whether asking again may help.
    fileprivate var mayPass: Bool {
        switch self {
        case .unreachable, .timedOut: true
        case .status(let status, _): status >= 500 || status == 429
        case .setup, .tooLong, .malformed: false
        }
    }
}

import NIOCore
import Synchronization

extension Watchdog {
    /// A restart that is under way.
    struct Restart {
        let number: Int
        let api: any PodAPI
        var cause: WatchdogMachine.Cause
        var procedure: RestartProcedure
        var pauses: RetryPauses
        /// The same one when it is sent again.
        var event: PodEvent?
        var logs: [Request: ReasonLog] = [:]
    }

    /// What may fail, each with reasons of its own.
    enum Request: Hashable {
        case lookUp, count, event, deletion
    }

    func restart(_ cause: WatchdogMachine.Cause, _ number: Int) {
        let (api, configuration, pod) = state.withLock { ($0.api, $0.configuration, $0.pod) }
        guard let api else { return }
        let procedure = RestartProcedure(configuration, pod: pod, podUID: podUID)
        let restart = Restart(
            number: number,
            api: api,
            cause: cause,
            procedure: procedure,
            pauses: RetryPauses(configuration)
        )
        run(procedure.begin(), restart)
    }

    // Does a step and goes on with what its answer leads to.
    private func run(_ step: RestartProcedure.Step, _ restart: Restart) {
        var restart = restart
        if case .done(let outcome) = step { return finish(outcome, restart) }
        if case .confirm(let kind) = step { return confirm(restart, kind) }
        let (goesOn, cause) = state.withLock { state in
            state.budget = restart.procedure.budget
            return (!state.isStopped && state.machine.isUnderWay(restart.number), state.machine.cause)
        }
        guard goesOn else { return }
        restart.cause = cause ?? restart.cause
        switch step {
        case .lookUpPod:
            restart.api.lookUpPod().whenComplete { [self, restart] result in
                var restart = restart
                let result = result.mapError { APIFailure(describing: $0) }
                report(result, &restart)
                run(restart.procedure.lookedUp(result), restart)
            }
        case .countRestarts(let uid):
            restart.api.restarts(controllerUID: uid).whenComplete { [self, restart] result in
                var restart = restart
                let result = result.mapError { APIFailure(describing: $0) }
                let next = restart.procedure.restartsCounted(
                    result.map { ages($0, besides: restart.procedure.pod.uid) }
                )
                if case .failure(let failure) = result, isNews(.count, failure.description, &restart) {
                    warnBudgetUnknown(failure.description)
                }
                run(next, restart)
            }
        case .announce(let pod): announce(pod, restart)
        case .deletePod(let uid, let gracePeriod, let attempt):
            restart.api.deletePod(uid: uid, gracePeriod: gracePeriod).whenSuccess { [self, restart] outcome in
                var restart = restart
                let next = restart.procedure.deletionAnswered(outcome)
                guard case .pause(let kind) = next else {
                    report(outcome, attempt: attempt, &restart)
                    return run(next, restart)
                }
                let pause = restart.pauses.next(kind, random: random())
                report(outcome, attempt: attempt, nextBackoff: pause, &restart)
                beginAgain(restart, after: pause)
            }
        case .pause(let kind):
            let pause = restart.pauses.next(kind, random: random())
            beginAgain(restart, after: pause)
        case .postpone(let time): postpone(restart, time)
        case .confirm, .done: break
        }
    }

    private func beginAgain(_ restart: Restart, after pause: GoDuration) {
        loop.scheduleTask(in: .nanoseconds(pause.nanoseconds)) { [self] in
            run(restart.procedure.pauseEnded(), restart)
        }
    }

    // The process may live for as long as the pod's grace period, so the pod is looked at again.
    private func confirm(_ restart: Restart, _ kind: RetryPauses.Kind) {
        var restart = restart
        state.withLock { state in
            state.machine.deleted()
            (state.reason, state.error) = (nil, nil)
        }
        let pause = max(restart.pauses.next(kind, random: random()), Watchdog.confirmationPause)
        loop.scheduleTask(in: .nanoseconds(pause.nanoseconds)) { [self, restart] in
            guard !state.withLock({ $0.isStopped }) else { return }
            restart.api.lookUpPod().whenComplete { [self] result in
                let next = restart.procedure.confirmed(result.mapError { APIFailure(describing: $0) })
                if next == .lookUpPod { takeBackDeletion(restart) }
                run(next, restart)
            }
        }
    }

    private func takeBackDeletion(_ restart: Restart) {
        logger.log(.warn, "pod is not terminating after its deletion, deleting it again", logFields(restart))
        carryOut { $0.notDeleted() }
        if !state.withLock({ $0.configuration.enabled }) { disable(.configuration) }
    }

    private func announce(_ pod: Pod, _ restart: Restart) {
        var restart = restart
        if restart.event == nil {
            logger.log(.warn, "watchdog restart triggered", logFields(restart))
            restart.event = PodEvent(
                kind: .warning,
                reason: PodEvent.restartReason,
                message: message(restart),
                time: clock.wall(),
                podUID: pod.uid,
                controllerUID: pod.controller?.uid
            )
        }
        guard let event = restart.event else { return }
        restart.api.createEvent(event).whenComplete { [self, restart] result in
            var restart = restart
            let next: RestartProcedure.Step
            switch result {
            case .success:
                let name = JSON.Member("event", .string(event.name))
                let reason = JSON.Member("reason", .string(event.reason))
                logger.log(.info, "kubernetes event created", [name, reason] + restart.api.pod.logFields)
                next = restart.procedure.eventCreated(true)
            case .failure(let error):
                let failure = APIFailure(describing: error)
                let isNew = isNews(.event, failure.description, &restart)
                let fields: [JSON.Member] = [.init("error", .string(failure.description))]
                if isNew { logger.log(.warn, "failed to create kubernetes event", fields) }
                let budget = restart.procedure.budget
                next = restart.procedure.eventCreated(false, isDenied: failure.isDenied)
                if isNew, budget != restart.procedure.budget { warnBudgetUnknown(failure.description) }
            }
            run(next, restart)
        }
    }

    private func postpone(_ restart: Restart, _ time: GoDuration) {
        let configuration = state.withLock { $0.configuration }
        logger.log(
            .warn,
            "watchdog restart delayed",
            restart.cause.logFields + restart.api.pod.logFields + [
                .init("reason", .string("restart_budget_spent")),
                .init("max_restarts", .integer(Int64(configuration.maxRestarts))),
                .init("restart_window", .duration(configuration.restartWindow)), .init("delay", .duration(time)),
            ]
        )
        carryOut { $0.postpone(restart.number, until: clock.instant() + time) }
    }

    private func finish(_ outcome: RestartProcedure.Outcome, _ restart: Restart) {
        state.withLock { state in
            state.machine.deleted()
            (state.reason, state.error) = (nil, nil)
        }
        let pod = restart.api.pod.logFields
        switch outcome {
        case .deleted: break
        case .alreadyTerminating: logger.log(.info, "pod already terminating, skipping deletion", pod)
        case .replaced: logger.log(.warn, "another pod has this one's name, skipping deletion", pod)
        }
    }

    /// Remembers a failure for the status; whether it is to be logged now.
    func isNews(_ request: Request, _ error: String, _ restart: inout Restart) -> Bool {
        if request != .event { state.withLock { $0.error = error } }
        return restart.logs[request, default: ReasonLog()].isDue(error, at: clock.instant())
    }
}

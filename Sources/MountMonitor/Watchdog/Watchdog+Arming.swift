import NIOCore
import Synchronization

extension Watchdog {
    /// What is asked until the watchdog is armed.
    ///
    /// May the pod be deleted, and is there one of that name?
    struct Arming {
        let api: any PodAPI
        let generation: Int
        var pauses: RetryPauses
        var log = ReasonLog()
    }

    func arm(_ arming: Arming) {
        arming.api.isAllowed(.deletePod).whenComplete { [self] result in
            guard isCurrent(arming) else { return }
            switch result {
            case .success(true): lookUpPod(arming)
            case .success(false):
                let error = "missing permission to delete pods"
                postpone(arming, .notAllowed, error, .lasting, [.init("detail", .string(error))])
            case .failure(let error): postpone(arming, .reviewFailed, APIFailure(describing: error))
            }
        }
    }

    // A wrong POD_NAME is found now, and not when the mount dies.
    private func lookUpPod(_ arming: Arming) {
        arming.api.lookUpPod().whenComplete { [self] result in
            guard isCurrent(arming) else { return }
            switch result {
            case .success(.present(let pod)):
                guard let podUID, let uid = pod.uid, uid != podUID else { return finish(arming, pod) }
                notFound(arming, "is not this one: its UID is \(uid), and POD_UID is \(podUID)")
            case .success(.gone): notFound(arming, "is not there")
            case .failure(let error):
                let failure = APIFailure(describing: error)
                guard failure.isDenied else { return postpone(arming, .lookUpFailed, failure) }
                logger.log(
                    .warn,
                    "pod could not be looked up, so POD_NAME is not checked",
                    arming.api.pod.logFields + [.init("error", .string(failure.description))]
                )
                finish(arming, nil)
            }
        }
    }

    private func notFound(_ arming: Arming, _ what: String) {
        let pod = arming.api.pod
        let error = "the pod \(pod.name) in namespace \(pod.namespace) \(what); set POD_NAME from metadata.name"
        postpone(arming, .podNotFound, error, .passing(retryAfter: nil), [.init("error", .string(error))])
    }

    private func postpone(_ arming: Arming, _ reason: WatchdogReason, _ failure: APIFailure) {
        let fields: [JSON.Member] = [.init("error", .string(failure.description))]
        postpone(arming, reason, failure.description, failure.pauses, fields)
    }

    private func postpone(
        _ arming: Arming,
        _ reason: WatchdogReason,
        _ error: String,
        _ kind: RetryPauses.Kind,
        _ fields: [JSON.Member]
    ) {
        var next = arming
        state.withLock { ($0.reason, $0.error) = (reason, error) }
        let pause = next.pauses.next(kind, random: random())
        if next.log.isDue("\(reason) \(error)", at: clock.instant()) {
            let state = JSON.Member("state", .string(WatchdogState.arming.rawValue))
            warnDisabled(reason, fields + arming.api.pod.logFields + [state, .init("next_try", .duration(pause))])
        }
        loop.scheduleTask(in: .nanoseconds(pause.nanoseconds)) { [self, next] in
            if isCurrent(next) { arm(next) }
        }
    }

    private func finish(_ arming: Arming, _ pod: Pod?) {
        let configuration = state.withLock { state in
            (state.pod, state.reason, state.error) = (pod, nil, nil)
            return state.configuration
        }
        let identity = arming.api.pod.logFields
        logger.log(.info, "watchdog armed", identity + [.init("restart_delay", .duration(configuration.restartDelay))])
        if let pod, pod.controller == nil {
            logger.log(.warn, "pod has no controller: once deleted, nothing makes it again", identity)
        }
        if RestartProcedure(configuration, pod: pod).refusesForce {
            let reason = pod == nil ? "the pod's owner is not known" : "the owner is a StatefulSet"
            let detail = "its next pod would run beside this one on the same volumes; the pod's own grace period holds"
            logger.log(
                .warn,
                "forceDelete refused",
                identity + [.init("reason", .string(reason)), .init("detail", .string(detail))]
            )
        }
        carryOut { $0.arm(configuration) }
        countRestarts(arming.generation)
    }

    private func isCurrent(_ arming: Arming) -> Bool {
        state.withLock { $0.generation == arming.generation && !$0.isStopped }
    }

    /// Finds out whether restarts can be counted, so that a permission that is missing is known before it matters.
    func countRestarts(_ generation: Int) {
        let (api, pod, configuration) = state.withLock { state in
            state.budget = state.configuration.maxRestarts > 0 ? .unknown : .unlimited
            return (state.api, state.pod, state.configuration)
        }
        guard let api, let budget = RestartBudget(configuration) else { return }
        guard let controller = pod?.controller else {
            let reason = pod == nil ? "the pod could not be looked up" : "the pod has no controller"
            return warnBudgetUnknown(reason)
        }
        api.isAllowed(.createEvents).flatMapThrowing { isAllowed in
            // A restart that leaves no Event is never counted.
            guard isAllowed else { throw APIFailure.setup("missing permission to create events") }
        }.flatMap {
            api.restarts(controllerUID: controller.uid)
        }.whenComplete { [self] result in
            guard state.withLock({ $0.generation == generation && $0.budget == .unknown }) else { return }
            switch result {
            case .success(let restarts):
                let isSpent = budget.decide(ages(restarts, besides: pod?.uid)) != .allowed
                state.withLock { $0.budget = isSpent ? .spent : .available }
            case .failure(let error): warnBudgetUnknown(APIFailure(describing: error).description)
            }
        }
    }

    /// How long ago the restarts of other pods than that one were.
    func ages(_ restarts: [RecordedRestart], besides podUID: String?) -> [GoDuration] {
        let (now, instant) = (clock.wall(), clock.instant())
        return state.withLock { $0.history.ages(restarts, besides: podUID, at: now, instant) }
    }

    func warnBudgetUnknown(_ reason: String) {
        logger.log(.warn, "restart budget unknown, restarts are not limited", [.init("error", .string(reason))])
    }
}

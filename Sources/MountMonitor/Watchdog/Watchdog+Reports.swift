import Synchronization

extension Watchdog {
    /// Logs what a look-up before a deletion came to, where it isn't the ordinary.
    func report(_ result: Result<PodFacts, APIFailure>, _ restart: inout Restart) {
        let pod = restart.api.pod.logFields
        switch result {
        case .success(.present): state.withLock { $0.reason = nil }
        case .success(.gone):
            state.withLock { $0.reason = .podNotFound }
            let isDeleted = restart.procedure.mayBeDeleted
            let error = isDeleted ? "no pod of that name" : "no pod of that name, and none was deleted"
            guard isNews(.lookUp, error, &restart) else { return }
            if isDeleted { return logger.log(.info, "pod not found (already deleted)", pod) }
            logger.log(.error, "pod not found", pod + [.init("error", .string(error))])
        case .failure(let failure):
            guard isNews(.lookUp, failure.description, &restart) else { return }
            logger.log(
                .warn,
                "failed to check pod termination status",
                pod + [.init("error", .string(failure.description))]
            )
        }
    }

    /// Logs what the API server said to a deletion.
    func report(
        _ outcome: DeletionOutcome,
        attempt: Int,
        nextBackoff: GoDuration? = nil,
        _ restart: inout Restart
    ) {
        let number = JSON.Member("attempt", .integer(Int64(attempt)))
        switch outcome {
        case .accepted(let status):
            let pod = restart.api.pod.logFields
            logger.log(.info, "pod deletion initiated", pod + [.init("status", .integer(Int64(status)))])
            logger.log(.info, "pod deletion successful", logFields(restart) + [number])
        case .notFound(let reason): log(.info, "pod not found (already deleted)", reason, [number], &restart)
        case .conflict(let reason): log(.info, "pod already terminating", reason, [number], &restart)
        case .failed(let failure) where failure.isDenied:
            guard isNews(.deletion, failure.description, &restart) else { return }
            let error = JSON.Member("error", .string(failure.description))
            logger.log(.error, "pod deletion failed with permanent error", logFields(restart) + [number, error])
        case .failed(let failure):
            let retries = JSON.Member("max_retries", .integer(Int64(state.withLock { $0.configuration.maxRetries })))
            let backoff = nextBackoff.map { [JSON.Member("next_backoff", .duration($0))] } ?? []
            let fields = [number, retries] + backoff
            log(.warn, "pod deletion failed, retrying", failure.description, fields, &restart)
        }
    }

    private func log(
        _ level: LogLevel,
        _ message: String,
        _ error: String,
        _ fields: [JSON.Member],
        _ restart: inout Restart
    ) {
        guard isNews(.deletion, error, &restart) else { return }
        logger.log(level, message, logFields(restart) + [.init("error", .string(error))] + fields)
    }

    /// Pod, namespace, mount, how long it has been unhealthy and its last error.
    func logFields(_ restart: Restart) -> [JSON.Member] {
        restart.cause.logFields + [.init("unhealthy_duration", .duration(clock.instant() - restart.cause.since))]
            + restart.api.pod.logFields
    }

    /// The Event's text.
    func message(_ restart: Restart) -> String {
        let (cause, pod) = (restart.cause, restart.api.pod)
        let duration = GoDuration.seconds((clock.instant() - cause.since).nanoseconds / 1_000_000_000)
        return """
            Mount \(cause.mount.path) unhealthy after \(cause.failureCount) consecutive failures, triggering pod restart; \
            pod \(pod.namespace)/\(pod.name)\(cause.mount.name.isEmpty ? "" : ", mount \(cause.mount.name)"), unhealthy \
            for \(duration)\(cause.lastError.map { ", last error: \($0)" } ?? "")
            """
    }
}

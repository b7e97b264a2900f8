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
    func report(_ outcome: DeletionOutcome, attempt: Int, _ restart: inout Restart) {
        let number = JSON.Member("attempt", .integer(Int64(attempt)))
        switch outcome {
        case .accepted(let status):
            let pod = restart.api.pod.logFields
            logger.log(.info, "pod deletion initiated", pod + [.init("status", .integer(Int64(status)))])
            logger.log(.info, "pod deletion successful", logFields(restart) + [number])
        case .notFound(let reason): warn("pod not found (already deleted)", reason, number, &restart)
        case .conflict(let reason): warn("pod already terminating", reason, number, &restart)
        case .failed(let failure) where failure.isDenied:
            guard isNews(.deletion, failure.description, &restart) else { return }
            let error = JSON.Member("error", .string(failure.description))
            logger.log(.error, "pod deletion failed with permanent error", logFields(restart) + [number, error])
        case .failed(let failure): warn("pod deletion failed, retrying", failure.description, number, &restart)
        }
    }

    private func warn(_ message: String, _ error: String, _ attempt: JSON.Member, _ restart: inout Restart) {
        guard isNews(.deletion, error, &restart) else { return }
        let retries = state.withLock { $0.configuration.maxRetries }
        logger.log(
            .warn,
            message,
            logFields(restart) + [
                .init("error", .string(error)), attempt, .init("max_retries", .integer(Int64(retries))),
            ]
        )
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

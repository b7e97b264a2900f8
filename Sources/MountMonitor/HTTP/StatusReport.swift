/// The body of the probes' answers.
enum StatusReport {
    /// `{"status", "timestamp", "mounts": [{"name"?, "path", "status", "last_check"?, "failure_count",
    /// "last_error"?}]}`; members with a question mark are left out when there is nothing to say.
    static func document(healthy: Bool, mounts: [MountSnapshot], at time: WallTime) -> [JSON.Member] {
        [
            .init("status", .string(healthy ? "healthy" : "unhealthy")),
            .init("timestamp", .string(time.rfc3339)),
            .init("mounts", .array(mounts.map(document))),
        ]
    }

    /// `"watchdog": {"enabled", "state", "reason"?, "error"?, "pod"?, "namespace"?, "restart_budget"}`, in the status
    /// alone.
    static func watchdog(_ report: WatchdogReport) -> JSON.Member {
        var members: [JSON.Member] = [
            .init("enabled", .bool(report.isEnabled)), .init("state", .string(report.state.rawValue)),
        ]
        if let reason = report.reason { members.append(.init("reason", .string(reason.rawValue))) }
        if let error = report.error { members.append(.init("error", .string(error))) }
        members += report.pod?.logFields ?? []
        members.append(.init("restart_budget", .string(report.budget.rawValue)))
        return .init("watchdog", .object(members))
    }

    /// `"configuration": {"source"?, "warnings", "error"?}`, in the status alone.
    static func configuration(_ report: ConfigurationReport) -> JSON.Member {
        var members: [JSON.Member] = []
        if let file = report.file { members.append(.init("source", .string(file))) }
        members.append(.init("warnings", .array(report.warnings.map { .string($0) })))
        if !report.errors.isEmpty { members.append(.init("error", .array(report.errors.map { .string($0) }))) }
        return .init("configuration", .object(members))
    }

    private static func document(_ snapshot: MountSnapshot) -> JSON {
        var members = snapshot.mount.logFields
        members.append(.init("status", .string(snapshot.state.status.rawValue)))
        if let check = snapshot.state.lastCheck { members.append(.init("last_check", .string(check.rfc3339))) }
        members.append(.init("failure_count", .integer(Int64(snapshot.state.failureCount))))
        if let error = snapshot.state.lastError { members.append(.init("last_error", .string(error))) }
        return .object(members)
    }
}

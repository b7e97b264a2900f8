/// The body of the probes' answers.
enum StatusReport {
    /// `{"status", "timestamp", "mounts": [{"name"?, "path", "status", "last_check"?, "failure_count", "last_error"?}]}`;
    /// members with a question mark are left out when there is nothing to say.
    static func document(healthy: Bool, mounts: [MountSnapshot], at time: WallTime) -> JSON {
        .object([
            .init("status", .string(healthy ? "healthy" : "unhealthy")),
            .init("timestamp", .string(time.rfc3339)),
            .init("mounts", .array(mounts.map(document))),
        ])
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

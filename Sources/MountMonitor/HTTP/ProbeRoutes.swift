/// What each path answers: a pure function of the mounts at that moment.
struct ProbeRoutes: Sendable {
    let version: String
    let clock: Clock
    /// The mounts as they are now.
    ///
    /// Must not block.
    let mounts: @Sendable () -> [MountSnapshot]
    /// The watchdog as it is now.
    ///
    /// Must not block.
    let watchdog: @Sendable () -> WatchdogReport
    /// Where the configuration comes from, and what is wrong with it.
    ///
    /// Must not block.
    let configuration: @Sendable () -> ConfigurationReport

    /// Answers a request of that method and target (path, and a query that says nothing here).
    func answer(method: String, target: String) -> ProbeAnswer {
        let path = ProbeRoutes.path(of: target)
        let handler: () -> ProbeAnswer
        switch path {
        case "/healthz/live":
            handler = { probe("/healthz/live", ("alive", "unhealthy"), failure: .warn) { $0 != .unhealthy } }
        case "/healthz/ready":
            handler = { probe("/healthz/ready", ("ready", "not_ready"), failure: .info) { $0 == .healthy } }
        case "/healthz/status":
            handler = { probe("/healthz/status", ("healthy", "unhealthy"), failure: .info) { $0 == .healthy } }
        case "/version": handler = { .json(.object([.init("version", .string(version))])) }
        case "/metrics": handler = metrics
        default: return .notFound
        }
        guard method == "GET" || method == "HEAD" else { return .methodNotAllowed }
        return handler()
    }

    // Without the query, and without the server's name, which a client may send along (RFC 9112, section 3.2.2).
    private static func path(of target: String) -> Substring {
        let path = target.prefix { $0 != "?" }
        guard path.hasPrefix("http://") else { return path }
        let rest = path.dropFirst(7)
        return rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...]
    }

    private func probe(
        _ endpoint: String,
        _ results: (good: String, bad: String),
        failure: LogLevel,
        _ isGood: (MountStatus) -> Bool
    ) -> ProbeAnswer {
        let mounts = mounts()
        let passes = mounts.allSatisfy { isGood($0.state.status) }
        var report = StatusReport.document(healthy: passes, mounts: mounts, at: clock.wall())
        if endpoint == "/healthz/status" {
            report.append(StatusReport.watchdog(watchdog()))
            report.append(StatusReport.configuration(configuration()))
        }
        var answer = ProbeAnswer.json(.object(report), status: passes ? 200 : 503)
        answer.log = ProbeAnswer.Log(
            level: passes ? .debug : failure,
            endpoint: endpoint,
            result: passes ? results.good : results.bad
        )
        return answer
    }

    private func metrics() -> ProbeAnswer {
        let page = MetricsPage(
            version: version,
            mounts: mounts(),
            watchdog: watchdog(),
            configuration: configuration(),
            now: clock.instant()
        )
        return ProbeAnswer(status: 200, contentType: MetricsPage.contentType, body: page.text)
    }
}

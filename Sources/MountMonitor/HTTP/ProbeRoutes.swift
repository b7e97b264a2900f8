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
        guard let (path, query) = ProbeRoutes.parts(of: target) else { return .notFound }
        // As Go's router does.
        var clean = GoPath.join("/", path)
        if clean != "/", path.utf8.last == UInt8(ascii: "/") { clean += "/" }
        guard clean.utf8.elementsEqual(path.utf8) else { return .moved(to: clean + query) }
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

    // The path without its escapes, and the query with its question mark; nil for what has no path. The scheme and the
    // server's name, which a client may send along (RFC 9112, section 3.2.2), are left out.
    private static func parts(of target: String) -> (path: String, query: String)? {
        var path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        let query = String(Substring(target.utf8.dropFirst(path.count)))
        if path.first != UInt8(ascii: "/") {
            let scheme = path.prefix { $0 != UInt8(ascii: ":") }
            guard ["http", "https"].contains(String(Substring(scheme)).lowercased()) else { return nil }
            path = path.dropFirst(scheme.count + 3).drop { $0 != UInt8(ascii: "/") }
        }
        var bytes: [UInt8] = []
        while let byte = path.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard path.count >= 2, path.prefix(2).allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(String(Substring(path.prefix(2))), radix: 16)
            else { return nil }
            bytes.append(value)
            path = path.dropFirst(2)
        }
        return bytes.isEmpty ? nil : (String(decoding: bytes, as: UTF8.self), query)
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

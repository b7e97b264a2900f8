import NIOCore
import NIOPosix
import Synchronization

/// The sidecar at work: watches, answers and restarts until a signal ends it.
///
/// It belongs to the main thread, which waits for signals and may block. Everything else runs on one event loop, since
/// a few timers a second need no more; probes have a second one beside it, so that on a machine where everybody waits
/// for a processor they wait half as long.
struct Service {
    private let logger: Logger
    private let loop: any EventLoop
    private let connectionLoops: any EventLoopGroup
    private let monitor: Monitor
    private let watchdog: Watchdog
    private let events: MountEvents
    private let watch: ConfigurationWatch
    private let routes: ProbeRoutes
    private let report: Reported
    private let limits: ProbeLimits
    private var configuration: Configuration
    private var server: ProbeServer?

    /// What is said of the configuration.
    private final class Reported: Sendable {
        let value = Mutex(ConfigurationReport())
    }

    init(_ source: ConfigurationSource, _ loaded: ConfigurationSource.Loaded, logger: Logger) {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: ThreadNeeds.eventLoops)
        let loop = loops.next()
        let podUID = OperatingSystem.environment("POD_UID")
        let watchdog = Watchdog(loop: loop, logger: logger, podUID: podUID) { () throws(APIFailure) in
            try Service.connect(loop, logger, for: .restarts)
        }
        let events = MountEvents(loop: loop, logger: logger, podUID: podUID) { () throws(APIFailure) in
            // What is odd in the pod's place is said once.
            try Service.connect(loop, watchdog.report.isEnabled ? nil : logger, for: .events)
        }
        let surroundings = MonitorSurroundings(
            loop: loop,
            logger: logger,
            observe: { mount, state, transition in
                watchdog.mountChanged(mount, state, transition)
                events.mountChanged(mount, state, transition)
            }
        )
        let names = WriteCheckNames(OperatingSystem.environment)
        let monitor = Monitor(surroundings) { MountReader($0, names) }
        let report = Reported()
        report.value.withLock { $0 = ConfigurationReport(file: loaded.file, warnings: loaded.warningLines) }
        routes = ProbeRoutes(
            version: ProgramVersion.text,
            clock: .system,
            mounts: { monitor.snapshots },
            watchdog: { watchdog.report },
            configuration: { report.value.withLock { $0 } }
        )
        watch = ConfigurationWatch(source, known: loaded.facts, loop: loop) { OperatingSystem.wakeMainThread() }
        (self.logger, self.report, configuration) = (logger, report, loaded.configuration)
        (self.loop, connectionLoops) = (loop, loops)
        let mounts = loaded.configuration.mounts.count
        limits = ProbeLimits(openFiles: OperatingSystem.raiseFileLimit(), mounts: mounts)
        (self.monitor, self.watchdog, self.events) = (monitor, watchdog, events)
    }

    private enum Purpose {
        case restarts, events
    }

    private static func connect(
        _ loop: any EventLoop,
        _ logger: Logger?,
        for purpose: Purpose
    ) throws(APIFailure) -> (any PodAPI)? {
        let account = ServiceAccount()
        guard account.isPresent else { return nil }
        let (name, namespace) = (OperatingSystem.environment("POD_NAME"), OperatingSystem.environment("POD_NAMESPACE"))
        if name == nil, purpose == .restarts {
            logger?.log(
                .warn,
                "watchdog enabled but pod identity not configured",
                [
                    .init("pod_name_set", .bool(false)), .init("pod_namespace_set", .bool(namespace != nil)),
                    .init("hint", .string("set POD_NAME and POD_NAMESPACE env vars via Downward API")),
                ]
            )
        }
        let place = try ClusterPlace(account: account, environment: OperatingSystem.environment)
        if let ignored = place.ignoredNamespace {
            logger?.log(
                .warn,
                "POD_NAMESPACE is not the service account's namespace, which holds",
                [.init("pod_namespace", .string(ignored)), .init("namespace", .string(place.namespace))]
            )
        }
        return KubernetesClient(place: place, account: account, version: ProgramVersion.text, loop: loop)
    }

    /// Starts to answer probes, before all that takes time; false where it can't, which is logged.
    mutating func listen() -> Bool {
        // Whoever asks now is told that nothing was checked yet.
        monitor.prepare(configuration)
        guard let reason = listen(on: configuration.httpPort) else { return true }
        logConfiguration()
        logServerError(reason, configuration.httpPort)
        return false
    }

    private func logConfiguration() { configuration.log(to: logger, source: report.value.withLock { $0.file }) }

    /// Works until a signal ends it, and returns the status to exit with; it listens already.
    mutating func run() -> Int32 {
        logConfiguration()
        logger.log(.info, "http server started", [.init("port", .integer(Int64(configuration.httpPort)))])
        monitor.start()
        watchdog.configure(configuration.watchdog)
        events.configure(configuration.events)
        watch.follow(configuration.reload)
        var settling: GoDuration? = .seconds(1)
        while true {
            switch OperatingSystem.nextSignal(within: settling) {
            case .terminate: return shutDown(by: "terminated")
            case .interrupt: return shutDown(by: "interrupt")
            case .hangUp: watch.readNow()
            case .wake: if let result = watch.take() { reload(result) }
            case nil:
                OperatingSystem.giveBackCode()
                settling = nil
            }
        }
    }

    // Starts to listen before it stops listening elsewhere, so that a port that is taken costs nothing. Returns why it
    // can't.
    private mutating func listen(on port: Int) -> String? {
        do {
            let new = try ProbeServer.start(
                port: port,
                loop: loop,
                connectionLoops: connectionLoops,
                routes: routes,
                logger: logger,
                limits: limits
            ).wait()
            if let server { _ = server.stop() }
            server = new
            return nil
        } catch {
            return (error as? IOError).map { OperatingSystem.message($0.errnoCode) } ?? "\(error)"
        }
    }

    private func logServerError(_ reason: String, _ port: Int) {
        logger.log(
            .error,
            "http server error",
            [.init("error", .string("listen tcp :\(port): \(reason)")), .init("port", .integer(Int64(port)))]
        )
    }

    private mutating func reload(_ result: Result<ConfigurationSource.Loaded, ConfigurationError>) {
        let loaded: ConfigurationSource.Loaded
        switch result {
        case .success(let read): loaded = read
        case .failure(let error):
            report.value.withLock { $0.errors = error.lines }
            let problems = JSON.array(error.lines.map { .string($0) })
            let source = JSON.string(error.file ?? "flags")
            return logger.log(
                .error,
                "configuration not reloaded, the old one stays",
                [.init("source", source), .init("error", problems)]
            )
        }
        loaded.logWarnings(to: logger)
        var new = loaded.configuration
        var errors: [String] = []
        if new.httpPort != configuration.httpPort, let reason = listen(on: new.httpPort) {
            logServerError(reason, new.httpPort)
            errors.append("\(loaded.file ?? "flags"): httpPort: \(new.httpPort) can't be listened on")
            new.httpPort = configuration.httpPort
        }
        report.value.withLock {
            $0 = ConfigurationReport(file: loaded.file, warnings: loaded.warningLines, errors: errors)
        }
        logger.configure(level: new.logLevel, format: new.logFormat)
        for mount in monitor.apply(new) {
            watchdog.forget(mount)
            events.forget(mount)
        }
        // One that could not start is given another try.
        if new.watchdog != configuration.watchdog || (new.watchdog.enabled && watchdog.report.state == .disabled) {
            watchdog.configure(new.watchdog)
        }
        if new.events != configuration.events { events.configure(new.events) }
        watch.follow(new.reload)
        configuration = new
        logger.log(
            .info,
            "configuration reloaded",
            [.init("source", .string(loaded.file ?? "flags")), .init("mounts", .integer(Int64(new.mounts.count)))]
        )
    }

    // Stop accepting, finish requests, stop checks, abandon a hung read; a second signal or the end of the time cuts
    // it short. The hung thread itself ends with the process, see docs/mount-monitor.md for when that can take longer.
    private func shutDown(by signal: String) -> Int32 {
        logger.log(.info, "received shutdown signal", [.init("signal", .string(signal))])
        watchdog.stop()
        events.stop()
        watch.stop()
        let end = OperatingSystem.instant() + configuration.shutdownTimeout
        let finished = ExitRequest()
        server?.stop().whenComplete { _ in finished.request(0) }
        var isInOrder = server == nil
        waiting: while !isInOrder {
            switch OperatingSystem.nextSignal(within: end - OperatingSystem.instant()) {
            case .wake: isInOrder = finished.status != nil
            case .hangUp: break
            case .terminate, .interrupt, nil: break waiting
            }
        }
        monitor.stop()
        logger.log(.info, "monitor shutting down")
        if !isInOrder {
            logger.log(.error, "http server shutdown error", [.init("error", .string("context deadline exceeded"))])
        }
        logger.log(.info, "shutdown complete")
        return 0
    }
}

import NIOCore
import NIOPosix
import Synchronization

/// The sidecar at work: watches, answers and restarts until a signal ends it.
///
/// The main thread is the event loop, since a thread that has to be waited for would make the first answer late; a few
/// timers a second need no more than one. It belongs to a thread of its own, which waits for signals and may block.
/// Probes behind the first ones have two more, so that on a machine where everybody waits for a processor they wait half
/// as long.
struct Service: Sendable {
    private let logger: Logger
    private let loop: any EventLoop
    private let monitor: Monitor
    private let watchdog: Watchdog
    private let events: MountEvents
    private let watch: ConfigurationWatch
    private let routes: ProbeRoutes
    private let report: Reported
    private let limits: ProbeLimits
    private var configuration: Configuration
    private var server: ProbeServer?
    /// For further connections; nil until they run.
    private var connectionLoops: (any EventLoopGroup)?

    /// What is said of the configuration.
    private final class Reported: Sendable {
        let value = Mutex(ConfigurationReport())
    }

    private init(
        _ source: ConfigurationSource,
        _ loaded: ConfigurationSource.Loaded,
        _ logger: Logger,
        _ loop: any EventLoop
    ) {
        let podUID = OperatingSystem.environment("POD_UID")
        let watchdog = Watchdog(loop: loop, logger: logger, podUID: podUID) { () throws(APIFailure) in
            try ClusterConnection.open(loop, version: ProgramVersion.text, logger, for: .restarts)
        }
        let events = MountEvents(loop: loop, logger: logger, podUID: podUID) { () throws(APIFailure) in
            // What is odd in the pod's place is said once.
            let logger = watchdog.report.isEnabled ? nil : logger
            return try ClusterConnection.open(loop, version: ProgramVersion.text, logger, for: .events)
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
        self.loop = loop
        let mounts = loaded.configuration.mounts.count
        limits = ProbeLimits(openFiles: OperatingSystem.raiseFileLimit(), mounts: mounts)
        (self.monitor, self.watchdog, self.events) = (monitor, watchdog, events)
    }

    /// How long who waits for the first answer has the processor before the rest begins.
    private static let headStart = TimeAmount.milliseconds(5)

    /// Works on this thread, and ends the process when a signal says so, or it can't work.
    ///
    /// Answers probes first, and does what takes time then.
    static func run(_ source: ConfigurationSource, _ loaded: ConfigurationSource.Loaded, logger: Logger) -> Never {
        MultiThreadedEventLoopGroup.withCurrentThreadAsEventLoop { loop in
            let service = Service(source, loaded, logger, loop)
            // Whoever asks now is told that nothing was checked yet.
            service.monitor.prepare(loaded.configuration)
            service.start(on: loaded.configuration.httpPort).whenComplete { result in
                loop.scheduleTask(in: headStart) { service.startWorking(result) }
            }
        }
        OperatingSystem.exit(1)
    }

    private func startWorking(_ result: Result<ProbeServer, any Error>) {
        let refusal = OperatingSystem.startThread {
            var service = self
            let status = service.work(result)
            service.logger.flush(within: .seconds(1))
            OperatingSystem.exit(status)
        }
        guard let refusal else { return }
        OperatingSystem.complain(ThreadNeeds(configuration).message(refusal))
        OperatingSystem.exit(1)
    }

    private func start(on port: Int) -> EventLoopFuture<ProbeServer> {
        ProbeServer.start(port: port, loop: loop, routes: routes, logger: logger, limits: limits)
    }

    private func logConfiguration() { configuration.log(to: logger, source: report.value.withLock { $0.file }) }

    // Works until a signal ends it, and returns the status to exit with.
    private mutating func work(_ result: Result<ProbeServer, any Error>) -> Int32 {
        let threads = ThreadNeeds(configuration)
        if case .success = result, let refusal = threads.refusal {
            OperatingSystem.complain(refusal)
            return 1
        }
        logConfiguration()
        switch result {
        case .success(let server):
            self.server = server
            logger.log(.info, "http server started", [.init("port", .integer(Int64(configuration.httpPort)))])
        case .failure(let error):
            logServerError(error, configuration.httpPort)
            return 1
        }
        connectionLoops = MultiThreadedEventLoopGroup(numberOfThreads: ThreadNeeds.connectionLoops)
        spreadConnections()
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

    // Without it, the one loop answers all.
    private func spreadConnections() {
        if let connectionLoops { try? server?.answer(on: connectionLoops).wait() }
    }

    // Starts to listen before it stops listening elsewhere, so that a port that is taken costs nothing.
    private mutating func listen(on port: Int) -> Bool {
        do {
            let new = try start(on: port).wait()
            _ = server?.stop()
            server = new
            spreadConnections()
            return true
        } catch {
            logServerError(error, port)
            return false
        }
    }

    private func logServerError(_ error: any Error, _ port: Int) {
        let reason = (error as? IOError).map { "bind: \(OperatingSystem.message($0.errnoCode))" } ?? "\(error)"
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
        if new.httpPort != configuration.httpPort, !listen(on: new.httpPort) {
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

internal import NIOCore
internal import NIOPosix

/// The sidecar at work: watches, answers and restarts until a signal ends it.
///
/// It belongs to the main thread, which waits for signals and is the one that may block on files; everything else runs
/// on one event loop, since a few probes and timers a second need no more.
struct Service {
    private let source: ConfigurationSource
    private let logger: Logger
    private let loop: any EventLoop
    private let monitor: Monitor
    private let watchdog: Watchdog
    private let routes: ProbeRoutes
    private var configuration: Configuration
    private var server: ProbeServer?

    init(_ source: ConfigurationSource, _ configuration: Configuration, logger: Logger) {
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let watchdog = Watchdog(
            loop: loop,
            logger: logger,
            connect: { () throws(APIFailure) in try Service.connect(loop, logger) }
        )
        let monitor = Monitor(
            MonitorSurroundings(loop: loop, logger: logger, observe: { watchdog.mountChanged($0, $1, $2) })
        )
        routes = ProbeRoutes(
            version: Help.version,
            clock: .system,
            mounts: { monitor.snapshots },
            watchdog: { watchdog.report }
        )
        (self.source, self.configuration, self.logger) = (source, configuration, logger)
        (self.loop, self.monitor, self.watchdog) = (loop, monitor, watchdog)
    }

    private static func connect(_ loop: any EventLoop, _ logger: Logger) throws(APIFailure) -> (any PodAPI)? {
        let account = ServiceAccount()
        guard account.isPresent else { return nil }
        let place = try ClusterPlace(account: account, environment: OperatingSystem.environment)
        if let ignored = place.ignoredNamespace {
            logger.log(
                .warn,
                "POD_NAMESPACE is not the service account's namespace, which holds",
                [.init("pod_namespace", .string(ignored)), .init("namespace", .string(place.namespace))]
            )
        }
        return KubernetesClient(place: place, account: account, version: Help.version, loop: loop)
    }

    /// Works until a signal or the watchdog ends it, and returns the status to exit with.
    mutating func run() -> Int32 {
        guard listen(on: configuration.httpPort) else { return 1 }
        logger.log(
            .info,
            "mount-monitor started",
            [
                .init("version", .string(Help.version)), .init("port", .integer(Int64(configuration.httpPort))),
                .init("mounts", .integer(Int64(configuration.mounts.count))),
            ]
        )
        monitor.apply(configuration)
        watchdog.configure(configuration.watchdog)
        while true {
            switch OperatingSystem.nextSignal(within: nil) {
            case .terminate, .interrupt: return shutDown(status: 0)
            case .hangUp: reload()
            case .wake, nil: break
            }
        }
    }

    // Starts to listen before it stops listening elsewhere, so that a port that is taken costs nothing.
    private mutating func listen(on port: Int) -> Bool {
        do {
            let new = try ProbeServer.start(port: port, loop: loop, routes: routes, logger: logger).wait()
            if let server { _ = server.stop() }
            server = new
            return true
        } catch {
            let reason = (error as? IOError).map { OperatingSystem.message($0.errnoCode) } ?? "\(error)"
            logger.log(
                .error,
                "can't listen for probes",
                [.init("port", .integer(Int64(port))), .init("error", .string(reason))]
            )
            return false
        }
    }

    private mutating func reload() {
        let loaded: ConfigurationSource.Loaded
        do {
            loaded = try source.load()
        } catch {
            let problems = JSON.array(error.problems.map { .string($0.description) })
            return logger.log(.error, "configuration not reloaded, the old one stays", [.init("error", problems)])
        }
        for warning in loaded.warnings { logger.log(.warn, warning) }
        var new = loaded.configuration
        if new.httpPort != configuration.httpPort, !listen(on: new.httpPort) { new.httpPort = configuration.httpPort }
        logger.configure(level: new.logLevel, format: new.logFormat)
        for mount in monitor.apply(new) { watchdog.forget(mount) }
        if new.watchdog != configuration.watchdog || watchdog.report.state == .disabled {
            watchdog.configure(new.watchdog)
        }
        configuration = new
        logger.log(.info, "configuration reloaded", [.init("mounts", .integer(Int64(new.mounts.count)))])
    }

    // Stop accepting, finish requests, stop checks, abandon a hung read; a second signal or the end of the time cuts
    // it short. The hung thread itself ends with the process, see docs/mount-monitor.md for when that can take longer.
    private func shutDown(status: Int32) -> Int32 {
        logger.log(.info, "shutting down")
        watchdog.stop()
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
        if isInOrder {
            logger.log(.info, "stopped")
        } else {
            logger.log(.warn, "stopped before all requests were finished")
        }
        return status
    }
}

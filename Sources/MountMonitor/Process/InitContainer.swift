internal import NIOCore
internal import NIOPosix

/// The one-shot check that holds a pod's containers back until the mounts are there.
enum InitContainer {
    /// Checks each mount once, side by side, logs each result and tells whether all passed.
    ///
    /// Blocks for the longest check, at most the read time-out.
    static func allPass(_ configuration: Configuration, logger: Logger, clock: Clock = .system) -> Bool {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        logger.log(
            .info,
            "init container check started",
            [.init("mounts", .integer(Int64(configuration.mounts.count)))]
        )
        let checks = configuration.mounts.map { mount in
            let reader = MountReader(MountCheck(mount))
            let probe = MountProbe(reader: reader, readTimeout: configuration.readTimeout, loop: loop, clock: clock)
            return (mount, probe, probe.check())
        }
        var failures: Int64 = 0
        for (mount, probe, future) in checks {
            let result = (try? future?.wait()) ?? CheckResult(failure: "could not be checked", duration: .zero)
            probe.stop()
            if !result.passed { failures += 1 }
            log(mount, result, to: logger)
        }
        if failures == 0 {
            logger.log(.info, "init container check passed")
        } else {
            logger.log(.error, "init container check failed", [.init("failed", .integer(failures))])
        }
        return failures == 0
    }

    private static func log(_ mount: MountConfiguration, _ result: CheckResult, to logger: Logger) {
        var fields = mount.logFields
        fields.append(.init("success", .bool(result.passed)))
        fields.append(.init("duration", .string(result.duration.description)))
        fields.append(.init("status", .string(result.passed ? "healthy" : "unhealthy")))
        if let failure = result.failure { fields.append(.init("error", .string(failure))) }
        if result.passed {
            logger.log(.info, "health check passed", fields)
        } else {
            logger.log(.error, "health check failed", fields)
        }
    }
}

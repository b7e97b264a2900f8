import NIOCore
import NIOPosix

/// The one-shot check that holds a pod's containers back until the mounts are there.
enum InitContainer {
    /// Checks each mount once, side by side, logs each result and tells whether all passed.
    ///
    /// Blocks for the longest check, at most the read time-out.
    static func allPass(_ configuration: Configuration, logger: Logger, clock: Clock = .system) -> Bool {
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        let count = JSON.integer(Int64(configuration.mounts.count))
        logger.log(
            .info,
            "running in init-container mode",
            [.init("version", .string(ProgramVersion.text)), .init("mounts", count)]
        )
        let names = WriteCheckNames(OperatingSystem.environment)
        let checks = configuration.mounts.map { mount in
            let reader = MountReader(MountCheck(mount), names)
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
            logger.log(.info, "all mount checks passed", [.init("count", count)])
        } else {
            logger.log(
                .error,
                "one or more mount checks failed",
                [.init("count", count), .init("failed", .integer(failures))]
            )
        }
        return failures == 0
    }

    private static func log(_ mount: MountConfiguration, _ result: CheckResult, to logger: Logger) {
        // The message is the one that people filter on in an init container; the event is that of every check.
        let event = result.passed ? "health check passed" : "health check failed"
        var fields: [JSON.Member] = [
            .init("event", .string(event)), .init("name", .string(mount.name)), .init("path", .string(mount.path)),
        ]
        if let failure = result.failure { fields.append(.init("error", .string(failure))) }
        fields.append(.init("duration", .string(result.duration.description)))
        if result.passed {
            logger.log(.info, "mount check passed", fields)
        } else {
            logger.log(.error, "mount check failed", fields)
        }
    }
}

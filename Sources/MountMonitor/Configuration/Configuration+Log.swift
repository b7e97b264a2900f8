extension Configuration {
    /// Logs all that holds: where it comes from, each setting, each mount.
    func log(to logger: Logger, source: String?) {
        logger.log(
            .info,
            "configuration loaded",
            [.init("source", .string(source ?? "environment")), .init("mounts", .integer(Int64(mounts.count)))]
        )
        logger.log(
            .info,
            "starting mount monitor",
            [
                .init("version", .string(ProgramVersion.text)),
                .init("check_interval", .string(checkInterval.description)),
                .init("read_timeout", .string(readTimeout.description)),
                .init("shutdown_timeout", .string(shutdownTimeout.description)),
                .init("failure_threshold", .integer(Int64(failureThreshold))),
                .init("http_port", .integer(Int64(httpPort))), .init("log_level", .string(logLevel.rawValue)),
                .init("log_format", .string(logFormat.rawValue)), .init("canary_file", .string(canaryFile)),
                .init("watchdog_enabled", .bool(watchdog.enabled)),
                .init("watchdog_restart_delay", .string(watchdog.restartDelay.description)),
            ] + watchdog.logFields + [
                .init("reload", .bool(reload)), .init("events", .bool(events)),
                .init("write_interval", .string(writeInterval.description)),
            ]
        )
        for mount in mounts { mount.log(to: logger) }
    }
}

extension WatchdogConfiguration {
    /// What the watchdog adds to the effective configuration.
    fileprivate var logFields: [JSON.Member] {
        [
            .init("watchdog_max_retries", .integer(Int64(maxRetries))),
            .init("watchdog_retry_backoff_initial", .string(retryBackoffInitial.description)),
            .init("watchdog_retry_backoff_max", .string(retryBackoffMax.description)),
            .init("watchdog_max_restarts", .integer(Int64(maxRestarts))),
            .init("watchdog_restart_window", .string(restartWindow.description)),
            .init("watchdog_only_after_healthy", .bool(onlyAfterHealthy)),
            .init("watchdog_grace_period_seconds", .integer(Int64(gracePeriodSeconds))),
            .init("watchdog_force_delete", .bool(forceDelete)),
        ]
    }
}

extension MountConfiguration {
    fileprivate func log(to logger: Logger) {
        var fields: [JSON.Member] = [
            .init("name", .string(name)), .init("path", .string(path)),
            .init("check_type", .string(checkType.rawValue)),
            .init("failureThreshold", .integer(Int64(failureThreshold))),
        ]
        switch MountCheck(self).method {
        case .canary(let file): fields.append(.init("canary", .string(file)))
        case .directory: break
        case .mountpoint(let type): fields.append(.init("fs_type", .string(type)))
        }
        if notEmpty { fields.append(.init("not_empty", .bool(true))) }
        if write { fields.append(.init("write", .bool(true))) }
        logger.log(.info, "mount registered", fields)
    }
}

extension Configuration {
    /// What makes no sense in it, in the file's order, and what is odd.
    ///
    /// The one-shot check uses mounts, read time-out and log settings, and nothing else is looked at for it.
    /// `portOrigin` is what set the port: the key, or a flag.
    func check(forInitContainer: Bool = false, portOrigin: String = "httpPort") -> ConfigurationFindings {
        var findings = ConfigurationFindings()
        func require(_ holds: Bool, _ place: String, _ reason: @autoclosure () -> String) {
            if !holds { findings.problem(place, reason()) }
        }
        require(readTimeout >= .milliseconds(100), "readTimeout", "\(readTimeout) is too short; at least 100ms")
        require(!mounts.isEmpty, "mounts", #"at least one mount is required, such as [{"path": "/mnt/media"}]"#)
        findings.append(checkMounts())
        if forInitContainer { return findings }
        require(checkInterval >= .seconds(1), "checkInterval", "\(checkInterval) is too short; at least 1s")
        require(
            readTimeout < checkInterval,
            "readTimeout",
            "\(readTimeout) must be shorter than checkInterval, which is \(checkInterval)"
        )
        require(shutdownTimeout >= .seconds(1), "shutdownTimeout", "\(shutdownTimeout) is too short; at least 1s")
        require(httpPort <= 65535, portOrigin, "\(httpPort) is not a port; from 1 to 65535")
        require(writeInterval >= .seconds(1), "writeInterval", "\(writeInterval) is too short; at least 1s")
        findings.append(watchdog.check())
        return findings
    }

    private func checkMounts() -> ConfigurationFindings {
        var findings = ConfigurationFindings()
        for (position, mount) in mounts.enumerated() {
            let place = "mounts[\(position)]"
            if mount.path.isEmpty { findings.problem("\(place).path", "missing; the directory to watch") }
            switch mount.checkType {
            case .mountpoint where mount.fsType.isEmpty:
                findings.problem(
                    "\(place).fsType",
                    "missing; the type that is mounted there, such as nfs or fuse.rclone"
                )
            case .canary, .directory:
                if !mount.fsType.isEmpty {
                    findings.warn("\(place).fsType", #"has no effect without "checkType": "mountpoint""#)
                }
            case .mountpoint: break
            }
            if mount.checkType == .canary, mount.canaryFile.split(separator: "/").contains("..") {
                let file = JSON.string(mount.canaryFile).text
                findings.warn("\(place).canaryFile", "\(file) leads out of the mount, so it may say nothing about it")
            }
            let twin = mounts[..<position].firstIndex { $0.identity == mount.identity && $0.name == mount.name }
            if let twin, !mount.path.isEmpty { findings.warn(place, "is watched in the same way as mounts[\(twin)]") }
        }
        return findings
    }
}

extension WatchdogConfiguration {
    /// What makes no sense in it.
    fileprivate func check() -> ConfigurationFindings {
        var findings = ConfigurationFindings()
        if retryBackoffMax < retryBackoffInitial {
            findings.problem(
                "watchdog.retryBackoffMax",
                "\(retryBackoffMax) must not be shorter than retryBackoffInitial, which is \(retryBackoffInitial)"
            )
        }
        if restartWindow > .seconds(3600) {
            findings.problem(
                "watchdog.restartWindow",
                "\(restartWindow) is too long; at most 1h, as long as Events live"
            )
        }
        if forceDelete, gracePeriodSeconds > 0 {
            findings.problem("watchdog.gracePeriodSeconds", "has no effect with forceDelete; leave one of them out")
        }
        if gracePeriodSeconds > Int(Int32.max) {
            findings.problem("watchdog.gracePeriodSeconds", "\(gracePeriodSeconds) is too long; at most \(Int32.max)")
        }
        return findings
    }
}

extension Configuration {
    /// Everything in it that makes no sense, in the file's order; none when it can be run.
    ///
    /// `origins` names what set a value where that wasn't the file: a flag by the key it stands for.
    func problems(origins: [String: String] = [:]) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        func require(_ holds: Bool, _ place: String, _ reason: @autoclosure () -> String) {
            if !holds { problems.append(ConfigurationProblem(place: origins[place] ?? place, reason: reason())) }
        }
        require(checkInterval >= .seconds(1), "checkInterval", "\(checkInterval) is too short; at least 1s")
        require(readTimeout >= .milliseconds(100), "readTimeout", "\(readTimeout) is too short; at least 100ms")
        require(
            readTimeout < checkInterval,
            "readTimeout",
            "\(readTimeout) must be shorter than checkInterval, which is \(checkInterval)"
        )
        require(shutdownTimeout >= .seconds(1), "shutdownTimeout", "\(shutdownTimeout) is too short; at least 1s")
        require(failureThreshold >= 1, "failureThreshold", "\(failureThreshold) is too few; at least 1")
        require((1...65535).contains(httpPort), "httpPort", "\(httpPort) is no port; from 1 to 65535")
        if let reason = Configuration.canaryProblem(canaryFile) { require(false, "canaryFile", reason) }
        require(!mounts.isEmpty, "mounts", #"at least one mount is needed, such as [{"path": "/mnt/media"}]"#)
        for (position, mount) in mounts.enumerated() {
            let place = "mounts[\(position)]"
            require(!mount.path.isEmpty, "\(place).path", "missing; the folder to watch")
            // What the mount inherits was already found wrong where it stands.
            if mount.failureThreshold != failureThreshold {
                require(
                    mount.failureThreshold >= 1,
                    "\(place).failureThreshold",
                    "\(mount.failureThreshold) is too few; at least 1, or 0 for the one of all mounts"
                )
            }
            if mount.canaryFile != canaryFile, let reason = Configuration.canaryProblem(mount.canaryFile) {
                require(false, "\(place).canaryFile", reason)
            }
            let twin = mounts[..<position].firstIndex { $0.name == mount.name && $0.path == mount.path }
            if let twin, !mount.path.isEmpty {
                require(false, place, "the same name and path as mounts[\(twin)]; metrics could not tell them apart")
            }
        }
        problems += watchdog.problems()
        return problems
    }

    private static func canaryProblem(_ file: String) -> String? {
        if file.isEmpty { return "empty; the file to read in each mount" }
        guard !file.split(separator: "/").contains("..") else {
            return "\(JSON.string(file).text) leads out of the mount, so it would say nothing about it"
        }
        return nil
    }
}

extension WatchdogConfiguration {
    fileprivate func problems() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        func require(_ holds: Bool, _ place: String, _ reason: @autoclosure () -> String) {
            if !holds { problems.append(ConfigurationProblem(place: "watchdog.\(place)", reason: reason())) }
        }
        require(restartDelay >= .zero, "restartDelay", "\(restartDelay) is negative")
        require(maxRetries >= 1, "maxRetries", "\(maxRetries) is too few; at least 1")
        require(retryBackoffInitial > .zero, "retryBackoffInitial", "\(retryBackoffInitial) is too short; above 0s")
        require(
            retryBackoffMax >= retryBackoffInitial,
            "retryBackoffMax",
            "\(retryBackoffMax) must not be shorter than retryBackoffInitial, which is \(retryBackoffInitial)"
        )
        return problems
    }
}

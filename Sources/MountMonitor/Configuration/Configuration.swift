/// All that can be set, in the end of the order defaults, file, flags.
struct Configuration: Equatable, Sendable {
    /// The time from one check of a mount to the next, before jitter.
    var checkInterval: GoDuration = .seconds(30)
    /// A check that takes longer has failed.
    var readTimeout: GoDuration = .seconds(5)
    /// What finishing may take before the process ends all the same.
    var shutdownTimeout: GoDuration = .seconds(30)
    /// How many failures in a row make a mount unhealthy, where the mount itself doesn't say.
    var failureThreshold = 3
    /// Where the probes ask.
    var httpPort = 8080
    var logLevel = LogLevel.info
    var logFormat = LogFormat.json
    /// The file to read, relative to each mount, where the mount itself doesn't say.
    var canaryFile = ".health-check"
    /// From one write to a mount to the next, for those that are written to.
    var writeInterval: GoDuration = .seconds(600)
    /// Whether the file is read again when it changes, and not only at SIGHUP.
    var reload = true
    /// Whether an Event is left beside the pod when a mount goes down or recovers.
    var events = false
    var mounts: [MountConfiguration] = []
    var watchdog = WatchdogConfiguration()
}

/// One mount, with everything inherited filled in.
struct MountConfiguration: Hashable, Sendable {
    /// What people call it; empty when they don't.
    var name = ""
    /// Its directory; relative ones start at the working directory.
    var path: String
    var checkType = CheckType.canary
    /// Relative to `path`.
    var canaryFile: String
    var failureThreshold: Int
    /// The type that the mount must be of, with `checkType` mountpoint.
    var fsType = ""
    /// Whether an empty directory is a failure.
    var notEmpty = false
    /// Whether a file is written to it now and then, each `writeInterval`.
    var write = false
    /// As for all mounts.
    var writeInterval: GoDuration = .seconds(600)

    /// What it is known by when the configuration is read again: what is checked, whatever it is called.
    struct Identity: Hashable, Sendable {
        let check: MountCheck
        /// Two texts that differ only in how an accent is written are equal, and two paths.
        let spelling: [[UInt8]]
    }

    var identity: Identity {
        let check = MountCheck(self)
        return Identity(check: check, spelling: [path, check.label].map { Array($0.utf8) })
    }

    /// How log lines name it.
    var logFields: [JSON.Member] { nameFields + [.init("path", .string(path))] }

    /// Its name, where it has one.
    var nameFields: [JSON.Member] { name.isEmpty ? [] : [.init("name", .string(name))] }

    /// What a check does.
    enum CheckType: String, CaseIterable, Sendable {
        /// Reads the canary file.
        case canary
        /// Looks whether the path is a directory.
        case directory
        /// Looks whether a file system of the right type is mounted at the path, and answers.
        case mountpoint
    }
}

/// The pod's restart when a mount stays unhealthy.
struct WatchdogConfiguration: Equatable, Sendable {
    var enabled = false
    /// How long a mount may be unhealthy before the pod is deleted.
    var restartDelay: GoDuration = .zero
    /// How often a request to the API server is repeated with pauses between the next two; then they grow.
    var maxRetries = 3
    var retryBackoffInitial: GoDuration = .milliseconds(100)
    var retryBackoffMax: GoDuration = .seconds(10)
    /// How many restarts there may be in `restartWindow`; 0 is not a bound.
    var maxRestarts = 0
    /// At most an hour, which is as long as a cluster keeps Events.
    var restartWindow: GoDuration = .seconds(3600)
    /// Whether a mount counts only once a check of it has passed.
    var onlyAfterHealthy = false
    /// How long the pod's containers have to end; 0 is as long as the pod says itself.
    var gracePeriodSeconds = 0
    /// Whether the pod is deleted without waiting for its containers to end.
    var forceDelete = false
}

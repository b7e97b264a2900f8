import JSON

extension Configuration {
    /// The longest configuration file that is read, in bytes.
    static let longestFile = 1 << 20
    /// As deep as Go's encoding/json reads.
    static let deepestNesting = 10_000

    /// Lays what the document says over the defaults.
    ///
    /// Problems are those of form: a wrong type, a text that is not a duration; `check` in
    /// `Configuration+Validation.swift` finds those of sense.
    static func read(_ document: JSONDocument) -> (configuration: Configuration, findings: ConfigurationFindings) {
        var configuration = Configuration()
        var reader = ConfigurationReader(document.value)
        // Editors look for the schema's address here.
        var schema = ""
        reader.string("$schema", into: &schema)
        reader.duration("checkInterval", into: &configuration.checkInterval)
        reader.duration("readTimeout", into: &configuration.readTimeout)
        reader.duration("shutdownTimeout", into: &configuration.shutdownTimeout)
        reader.count("failureThreshold", into: &configuration.failureThreshold)
        reader.count("httpPort", into: &configuration.httpPort)
        reader.choice("logLevel", into: &configuration.logLevel)
        reader.choice("logFormat", into: &configuration.logFormat)
        reader.string("canaryFile", into: &configuration.canaryFile)
        reader.duration("writeInterval", into: &configuration.writeInterval)
        reader.bool("reload", into: &configuration.reload)
        reader.bool("events", into: &configuration.events)

        let inherited = configuration
        var mounts: [MountConfiguration] = []
        reader.objects("mounts") { mounts.append(MountConfiguration(from: &$0, inheriting: inherited)) }
        configuration.mounts = mounts
        var watchdog = WatchdogConfiguration()
        reader.object("watchdog") { watchdog = WatchdogConfiguration(from: &$0) }
        configuration.watchdog = watchdog
        reader.finish()

        var findings = reader.findings
        for irregularity in document.irregularities {
            switch irregularity.kind {
            case .invalidText, .byteOrderMark: findings.warn("", "\(irregularity)")
            case .repeatedMember, .equivalentMember, .letterCase: break
            }
        }
        return (configuration, findings)
    }
}

extension MountConfiguration {
    fileprivate init(from reader: inout ConfigurationReader, inheriting global: Configuration) {
        self.init(path: "", canaryFile: global.canaryFile, failureThreshold: global.failureThreshold)
        reader.string("name", into: &name)
        reader.string("path", into: &path)
        reader.choice("checkType", into: &checkType)
        reader.string("canaryFile", into: &canaryFile)
        if let threshold = reader.integer("failureThreshold"), threshold != 0 {
            failureThreshold = threshold
            if threshold < 0 {
                reader.report(
                    "failureThreshold",
                    "\(threshold) is too few; at least 1, or 0 for the one of all mounts"
                )
            }
        }
        reader.string("fsType", into: &fsType)
        reader.bool("notEmpty", into: &notEmpty)
        reader.bool("write", into: &write)
        writeInterval = global.writeInterval
    }
}

extension WatchdogConfiguration {
    fileprivate init(from reader: inout ConfigurationReader) {
        self.init()
        reader.bool("enabled", into: &enabled, nullResets: true)
        reader.duration("restartDelay", into: &restartDelay)
        reader.count("maxRetries", into: &maxRetries)
        reader.duration("retryBackoffInitial", into: &retryBackoffInitial)
        reader.duration("retryBackoffMax", into: &retryBackoffMax)
        reader.count("maxRestarts", into: &maxRestarts)
        reader.duration("restartWindow", into: &restartWindow)
        reader.bool("onlyAfterHealthy", into: &onlyAfterHealthy)
        reader.count("gracePeriodSeconds", into: &gracePeriodSeconds)
        reader.bool("forceDelete", into: &forceDelete)
    }
}

extension Configuration {
    /// The longest configuration file that is read, in bytes.
    static let longestFile = 1 << 20

    /// Lays what the document says over the defaults.
    ///
    /// Problems are those of form: a wrong type, an unknown key, a text that is no duration; `problems` in
    /// `Configuration+Validation.swift` are those of sense.
    static func read(_ document: JSON) -> (configuration: Configuration, problems: [ConfigurationProblem]) {
        var configuration = Configuration()
        var reader = ConfigurationReader(document)
        // Editors look for the schema's address here.
        var schema = ""
        reader.string("$schema", into: &schema)
        reader.duration("checkInterval", into: &configuration.checkInterval)
        reader.duration("readTimeout", into: &configuration.readTimeout)
        reader.duration("shutdownTimeout", into: &configuration.shutdownTimeout)
        reader.integer("failureThreshold", into: &configuration.failureThreshold)
        reader.integer("httpPort", into: &configuration.httpPort)
        reader.choice("logLevel", into: &configuration.logLevel)
        reader.choice("logFormat", into: &configuration.logFormat)
        reader.string("canaryFile", into: &configuration.canaryFile)

        let inherited = configuration
        var mounts: [MountConfiguration] = []
        reader.objects("mounts") { mounts.append(MountConfiguration(from: &$0, inheriting: inherited)) }
        configuration.mounts = mounts
        var watchdog = WatchdogConfiguration()
        reader.object("watchdog") { reader in
            reader.bool("enabled", into: &watchdog.enabled)
            reader.duration("restartDelay", into: &watchdog.restartDelay)
            reader.integer("maxRetries", into: &watchdog.maxRetries)
            reader.duration("retryBackoffInitial", into: &watchdog.retryBackoffInitial)
            reader.duration("retryBackoffMax", into: &watchdog.retryBackoffMax)
            reader.integer("maxRestarts", into: &watchdog.maxRestarts)
            reader.duration("restartWindow", into: &watchdog.restartWindow)
            reader.bool("onlyAfterHealthy", into: &watchdog.onlyAfterHealthy)
            reader.integer("gracePeriodSeconds", into: &watchdog.gracePeriodSeconds)
            reader.bool("forceDelete", into: &watchdog.forceDelete)
        }
        configuration.watchdog = watchdog
        reader.finish()
        return (configuration, reader.problems)
    }
}

extension MountConfiguration {
    fileprivate init(from reader: inout ConfigurationReader, inheriting global: Configuration) {
        self.init(path: "", canaryFile: "", failureThreshold: 0)
        reader.string("name", into: &name)
        reader.string("path", into: &path)
        reader.choice("checkType", into: &checkType)
        reader.string("canaryFile", into: &canaryFile)
        reader.integer("failureThreshold", into: &failureThreshold)
        // An empty text and 0 have always meant "as for all mounts".
        if canaryFile.isEmpty { canaryFile = global.canaryFile }
        if failureThreshold == 0 { failureThreshold = global.failureThreshold }
    }
}

/// Where the configuration comes from, so that it can be read again: the file and the flags over it.
struct ConfigurationSource: Equatable, Sendable {
    /// The file that was asked for; nil means `config.json` in the working directory, if there is one.
    var file: String?
    /// What flags set; nil where none did.
    var httpPort: Int?
    var logLevel: LogLevel?
    var logFormat: LogFormat?

    /// The file that is read when none was asked for.
    static let defaultFile = "config.json"

    /// A configuration that can be run, and what about its origin deserves a warning.
    struct Loaded: Equatable, Sendable {
        let configuration: Configuration
        /// The file it came from; nil when there was none.
        let file: String?
        let warnings: [String]
    }

    /// Reads the file and lays the flags over it; throws everything that is wrong with it at once.
    ///
    /// Blocks.
    func load() throws(ConfigurationError) -> Loaded {
        let name = file ?? ConfigurationSource.defaultFile
        guard let content = try content(of: name) else { return try finish(Configuration(), [], file: nil, []) }
        let document: JSON
        do {
            document = try JSONParser.parse(content.bytes)
        } catch {
            throw ConfigurationError(file: name, problems: [ConfigurationProblem(place: "", reason: error.description)])
        }
        let (configuration, problems) = Configuration.read(document)
        var warnings: [String] = []
        if content.isWritableByAll { warnings.append("\(name) is writable by everybody; chmod o-w \(name)") }
        return try finish(configuration, problems, file: name, warnings)
    }

    // nil when no file was asked for and there is none by default.
    private func content(of name: String) throws(ConfigurationError) -> (bytes: [UInt8], isWritableByAll: Bool)? {
        func failure(_ reason: String) -> ConfigurationError {
            ConfigurationError(file: name, problems: [ConfigurationProblem(place: "", reason: reason)])
        }
        do {
            let (bytes, facts) = try OperatingSystem.contents(path: name, limit: Configuration.longestFile)
            guard let bytes else { throw failure("longer than 1 MiB; a configuration is not") }
            return (bytes, facts.isWritableByAll)
        } catch let error as FileFailure {
            if file == nil, error.isNotFound { return nil }
            throw failure("can't be read: \(error)")
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw failure("can't be read: \(error)")
        }
    }

    private func finish(
        _ read: Configuration,
        _ formProblems: [ConfigurationProblem],
        file: String?,
        _ warnings: [String]
    ) throws(ConfigurationError) -> Loaded {
        var configuration = read
        if let httpPort { configuration.httpPort = httpPort }
        if let logLevel { configuration.logLevel = logLevel }
        if let logFormat { configuration.logFormat = logFormat }
        // A key whose value has the wrong form kept its default, so nothing that follows from that is reported.
        let origins = httpPort == nil ? [:] : ["httpPort": "--http-port"]
        let problems =
            formProblems
            + configuration.problems(origins: origins)
            .filter { problem in !formProblems.contains { $0.covers(problem) } }
        guard problems.isEmpty else { throw ConfigurationError(file: file, problems: problems) }
        return Loaded(configuration: configuration, file: file, warnings: warnings)
    }
}

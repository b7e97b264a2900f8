import JSON
import Printable

/// Where the configuration comes from, so that it can be read again: the file and the flags over it.
struct ConfigurationSource: Equatable, Sendable {
    /// The file that was asked for; nil means `config.json` in the working directory, if there is one.
    var file: String?
    /// What flags set; nil where none did.
    var httpPort: Int?
    var logLevel: String?
    var logFormat: String?
    /// Whether a key that sets nothing is a problem.
    var isStrict = false
    /// Whether it is for the one-shot check, which needs less of it.
    var isForInitContainer = false

    /// The file that is read when none was asked for.
    static let defaultFile = "./config.json"

    /// The file's name, whether it is there or not.
    var fileName: String { file ?? ConfigurationSource.defaultFile }

    /// A configuration that can be run, and what about it deserves a warning.
    struct Loaded: Equatable, Sendable {
        let configuration: Configuration
        /// The file it came from; nil when there was none.
        let file: String?
        let warnings: [ConfigurationProblem]
        /// The file as it was when it was read; nil when there was none.
        var facts: OperatingSystem.FileFacts?
    }

    /// Reads the file and lays the flags over it; throws everything that is wrong with it at once.
    ///
    /// Blocks, and where the file is a pipe until it has a writer, unless it doesn't wait for one.
    func load(waitsForWriter: Bool = true) throws(ConfigurationError) -> Loaded {
        guard let content = try content(waitsForWriter: waitsForWriter) else {
            return try finish(Configuration(), ConfigurationFindings(), file: nil, facts: nil)
        }
        let (configuration, findings) = Configuration.read(try document(content.bytes))
        return try finish(configuration, findings, file: fileName, facts: content.facts)
    }

    /// The port that probes are answered at, whatever else is wrong with the configuration.
    ///
    /// Blocks.
    func port() throws(ConfigurationError) -> Int {
        guard httpPort == nil, let content = try content() else { return httpPort ?? Configuration().httpPort }
        return try Configuration.read(document(content.bytes)).configuration.httpPort
    }

    private func document(_ bytes: [UInt8]) throws(ConfigurationError) -> JSONDocument {
        let limits = JSONDocument.Limits(size: Configuration.longestFile, depth: Configuration.deepestNesting)
        do {
            return try JSONDocument(bytes, limits: limits)
        } catch {
            throw failure(error.description)
        }
    }

    /// The error that the whole file is wrong.
    func failure(_ reason: String) -> ConfigurationError {
        ConfigurationError(file: fileName, problems: [ConfigurationProblem(place: "", reason: reason)])
    }

    // nil when no file was asked for and there is none by default.
    private func content(
        waitsForWriter: Bool = true
    ) throws(ConfigurationError) -> (bytes: [UInt8], facts: OperatingSystem.FileFacts)? {
        do {
            let (bytes, facts) = try OperatingSystem.contents(
                path: fileName,
                limit: Configuration.longestFile,
                waitsForWriter: waitsForWriter
            )
            guard let bytes else { throw failure("longer than 1 MiB; a configuration is not") }
            return (bytes, facts)
        } catch let error as FileFailure {
            if file == nil, error.isNotFound { return nil }
            throw failure(error.isNotFound ? "config file not found: \(error)" : "can't be read: \(error)")
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw failure("can't be read: \(error)")
        }
    }

    private func finish(
        _ read: Configuration,
        _ form: ConfigurationFindings,
        file: String?,
        facts: OperatingSystem.FileFacts?
    ) throws(ConfigurationError) -> Loaded {
        var configuration = read
        var flags = ConfigurationFindings()
        if let httpPort { configuration.httpPort = httpPort }
        apply(logLevel, "--log-level", to: &configuration.logLevel, &flags)
        apply(logFormat, "--log-format", to: &configuration.logFormat, &flags)
        let sense = configuration.check(
            forInitContainer: isForInitContainer,
            portOrigin: httpPort == nil ? "httpPort" : "--http-port"
        )
        // What a flag sets is what counts, as in the original.
        let read = form.problems.filter { problem in
            !(problem.place == "logLevel" && logLevel != nil || problem.place == "logFormat" && logFormat != nil)
        }
        // A key whose value has the wrong form kept its default, so nothing that follows from that is reported.
        let problems =
            read + (isStrict ? form.unknownKeys : []) + flags.problems
            + sense.problems.filter { problem in !read.contains { $0.covers(problem) } }
        guard problems.isEmpty else { throw ConfigurationError(file: file, problems: problems) }
        return Loaded(
            configuration: configuration,
            file: file,
            warnings: form.unknownKeys + form.warnings + sense.warnings,
            facts: facts
        )
    }

    private func apply<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String?,
        _ flag: String,
        to target: inout Choice,
        _ findings: inout ConfigurationFindings
    ) {
        guard let text else { return }
        guard let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            return findings.problem(flag, "expected one of \(choices), found \(JSON.string(text).text)")
        }
        target = choice
    }
}

extension ConfigurationSource.Loaded {
    /// One line for each warning.
    var warningLines: [String] {
        let open = facts?.isWritableByAll == true ? ["config file is world-writable, which may be a security risk"] : []
        return (open + warnings.map(\.description)).map { "\(file ?? "flags"): \($0)" }
    }

    /// Logs what deserves a warning; each line names the file.
    func logWarnings(to logger: Logger) {
        let source = JSON.Member("source", .string(file ?? "flags"))
        if let facts, facts.isWritableByAll {
            logger.log(
                .warn,
                "config file is world-writable, which may be a security risk",
                [
                    .init("path", .string(file ?? "")),
                    .init("mode", .string(FileMode.text(facts.mode & 0o7777))),
                ]
            )
        }
        for warning in warnings {
            logger.log(
                .warn,
                "configuration warning",
                [source, .init("key", .string(warning.place)), .init("warning", .string(warning.reason))]
            )
        }
    }
}

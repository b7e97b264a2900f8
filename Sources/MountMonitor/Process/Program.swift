/// The sidecar's entry: reads the command line, does what it asks for and ends with the status that says how it went.
@main
struct Program {
    /// Statuses of the process.
    private enum Status {
        static let success: Int32 = 0
        /// A check failed, the configuration can't be run, or the machine has not what it takes.
        static let failure: Int32 = 1
        /// The command line can't be understood.
        static let usage: Int32 = 2
    }

    static func main() {
        OperatingSystem.openStandardStreams()
        OperatingSystem.sizeStacks()
        guard let words = OperatingSystem.arguments else {
            OperatingSystem.complain("the command line can't be read: /proc is not mounted")
            OperatingSystem.exit(Status.failure)
        }
        OperatingSystem.exit(run(Array(words.dropFirst())))
    }

    private static func run(_ words: [String]) -> Int32 {
        let arguments: Arguments
        do {
            arguments = try Arguments(parsing: words)
        } catch {
            OperatingSystem.write("\(error)\n", to: .error)
            return Status.usage
        }
        switch arguments.mode {
        case .help:
            OperatingSystem.write(Help.text, to: .output)
            return Status.success
        case .version:
            OperatingSystem.write("mount-monitor \(ProgramVersion.text)\n", to: .output)
            return Status.success
        case .probe(let probe): return ask(probe, arguments.source) ? Status.success : Status.failure
        case .serve, .initContainer, .checkConfiguration: break
        }

        let loaded: ConfigurationSource.Loaded
        do {
            loaded = try arguments.source.load()
        } catch {
            for line in error.lines { OperatingSystem.write("configuration error: \(line)\n", to: .error) }
            return Status.failure
        }
        if arguments.mode == .checkConfiguration {
            for warning in arguments.warnings { OperatingSystem.write("warning: \(warning)\n", to: .error) }
            for line in loaded.warningLines { OperatingSystem.write("warning: \(line)\n", to: .error) }
            let origin = loaded.file ?? "configuration"
            OperatingSystem.write("\(origin): valid, mounts: \(loaded.configuration.mounts.count)\n", to: .output)
            return Status.success
        }
        return work(arguments, loaded)
    }

    private static func work(_ arguments: Arguments, _ loaded: ConfigurationSource.Loaded) -> Int32 {
        // The one-shot check ends by itself in a moment, and until then by the usual effect of a signal.
        if arguments.mode == .serve {
            OperatingSystem.holdSignals()
        } else {
            OperatingSystem.endFirstProcessOnSignals()
        }
        OperatingSystem.reapChildren()
        let configuration = loaded.configuration
        if arguments.mode == .initContainer, let refusal = ThreadNeeds(configuration).refusal {
            OperatingSystem.complain(refusal)
            return Status.failure
        }
        let logger = Logger(level: configuration.logLevel, format: configuration.logFormat, sink: LogSink())
        defer { logger.flush(within: .seconds(1)) }
        for warning in arguments.warnings {
            logger.log(.warn, "command line warning", [.init("warning", .string(warning))])
        }
        loaded.logWarnings(to: logger)
        if arguments.mode == .initContainer {
            return InitContainer.allPass(configuration, logger: logger) ? Status.success : Status.failure
        }
        Service.run(arguments.source, loaded, logger: logger)
    }

    // The port is the flag's, else the configuration's, whatever else is wrong with that.
    private static func ask(_ probe: Arguments.Probe, _ source: ConfigurationSource) -> Bool {
        let port: Int
        do {
            port = try source.port()
        } catch {
            for line in error.lines { OperatingSystem.complain(line) }
            return false
        }
        guard (1...65535).contains(port) else {
            OperatingSystem.complain("\(port) is not a port")
            return false
        }
        do {
            let answer = try ProbeClient.ask("/healthz/\(probe.rawValue)", port: port)
            OperatingSystem.write(answer.body, to: .output)
            return answer.status == 200
        } catch {
            OperatingSystem.complain("no answer on port \(port): \(error)")
            return false
        }
    }
}

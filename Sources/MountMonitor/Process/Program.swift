/// The sidecar's entry: reads the command line, does what it asks for and ends with the status that says how it went.
@main
struct Program {
    /// Statuses of the process.
    private enum Status {
        static let success: Int32 = 0
        /// A check failed, or the configuration can't be run.
        static let failure: Int32 = 1
        /// The command line can't be understood.
        static let usage: Int32 = 2
    }

    static func main() { OperatingSystem.exit(run(Array(CommandLine.arguments.dropFirst()))) }

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
            OperatingSystem.write("mount-monitor \(Help.version)\n", to: .output)
            return Status.success
        case .serve, .initContainer, .checkConfiguration: break
        }

        let loaded: ConfigurationSource.Loaded
        do {
            loaded = try arguments.source.load()
        } catch {
            OperatingSystem.write("\(error)\n", to: .error)
            return Status.failure
        }
        let configuration = loaded.configuration
        if arguments.mode == .checkConfiguration {
            for warning in loaded.warnings { OperatingSystem.write("warning: \(warning)\n", to: .error) }
            let origin = loaded.file ?? "configuration"
            OperatingSystem.write("\(origin): valid, mounts: \(configuration.mounts.count)\n", to: .output)
            return Status.success
        }

        // The one-shot check ends by itself in a moment, and until then by the usual effect of a signal.
        if arguments.mode == .serve { OperatingSystem.holdSignals() }
        let logger = Logger(level: configuration.logLevel, format: configuration.logFormat, sink: LogSink())
        defer { logger.flush(within: .seconds(1)) }
        for warning in loaded.warnings { logger.log(.warn, warning) }
        if arguments.mode == .initContainer {
            return InitContainer.allPass(configuration, logger: logger) ? Status.success : Status.failure
        }
        var service = Service(arguments.source, configuration, logger: logger)
        return service.run()
    }
}

import Foundation
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct ConfigurationSourceTests {
    private func write(_ text: String, _ directory: String, mode: Int = 0o644) throws -> String {
        let path = directory + "/config.json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    @Test func flagsWinOverTheFile() throws {
        try withTemporaryDirectory { directory in
            let path = try write(#"{"httpPort": 1, "logLevel": "warn", "mounts": [{"path": "/a"}]}"#, directory)
            let source = ConfigurationSource(file: path, httpPort: 2, logLevel: "error", logFormat: "text")
            let loaded = try source.load()
            #expect(loaded.configuration.httpPort == 2)
            #expect(loaded.configuration.logLevel == .error)
            #expect(loaded.configuration.logFormat == .text)
            #expect(loaded.warnings.isEmpty)
        }
    }

    @Test func whatAFlagSetsMayBeWrongInTheFile() throws {
        try withTemporaryDirectory { directory in
            let path = try write(#"{"logLevel": "LOUD", "logFormat": "xml", "mounts": [{"path": "/a"}]}"#, directory)
            let loaded = try ConfigurationSource(file: path, logLevel: "warn", logFormat: "text").load()
            #expect(loaded.configuration.logLevel == .warn)
            #expect(throws: ConfigurationError.self) { try ConfigurationSource(file: path, logLevel: "warn").load() }
        }
    }

    @Test func aPipeThatNobodyWritesToIsWaitedForOnlyAtTheStart() throws {
        try withTemporaryDirectory { directory in
            try Shell.run("mkfifo config.json", in: directory)
            let source = ConfigurationSource(file: directory + "/config.json")
            #expect(throws: ConfigurationError.self) { try source.load(waitsForWriter: false) }
        }
    }

    @Test func reportsAllProblemsAtOnceAndNoneTwice() throws {
        try withTemporaryDirectory { directory in
            let path = try write(
                #"{"checkInterval": "x", "httpPort": 7, "mounts": [3, {}], "watchdog": []}"#,
                directory
            )
            let source = ConfigurationSource(file: path, httpPort: 70_000)
            let error = try #require(throws: ConfigurationError.self) { try source.load() }
            #expect(
                error.problems.map(\.place) == [
                    "checkInterval", "mounts[0]", "watchdog", "mounts[1].path", "--http-port",
                ]
            )
            #expect(error.description.split(separator: "\n").allSatisfy { $0.hasPrefix(path) })
        }
    }

    @Test func aFileThatWasAskedForMustBeThere() throws {
        try withTemporaryDirectory { directory in
            let source = ConfigurationSource(file: directory + "/none.json")
            let error = try #require(throws: ConfigurationError.self) { try source.load() }
            #expect(error.description.contains("no such file"))
        }
    }

    @Test func warnsOfAFileThatEverybodyMayWrite() throws {
        try withTemporaryDirectory { directory in
            let path = try write(#"{"mounts": [{"path": "/a"}]}"#, directory, mode: 0o666)
            let loaded = try ConfigurationSource(file: path).load()
            #expect(loaded.warningLines == ["\(path): config file is world-writable, which may be a security risk"])
            let logs = LogCollector()
            let logger = logs.logger(.system)
            loaded.logWarnings(to: logger)
            logger.flush(within: .seconds(600))
            #expect(logs.records.first?["mode"] == .string("0666") && logs.records.first?["path"] == .string(path))
        }
    }

    @Test func refusesAFileOverOneMebibyte() throws {
        try withTemporaryDirectory { directory in
            let document = #"{"mounts": [{"path": "/a"}]}"#
            let fits = document + String(repeating: " ", count: (1 << 20) - document.utf8.count)
            #expect(throws: Never.self) { try ConfigurationSource(file: write(fits, directory)).load() }
            #expect(throws: ConfigurationError.self) {
                try ConfigurationSource(file: write(fits + " ", directory)).load()
            }
        }
    }

    @Test func saysWhereTheSyntaxBreaks() throws {
        try withTemporaryDirectory { directory in
            let path = try write("{\n  \"mounts\": [,]\n}", directory)
            let error = try #require(throws: ConfigurationError.self) { try ConfigurationSource(file: path).load() }
            #expect(error.description == "\(path): line 2, column 14, in mounts[0]: no value starts like this")
        }
    }

    @Test func keysThatSetNothingAreWarningsUnlessItIsStrict() throws {
        try withTemporaryDirectory { directory in
            let path = try write(#"{"mounts": [{"path": "/a", "pth": 1}], "httPort": 1}"#, directory)
            let loaded = try ConfigurationSource(file: path).load()
            #expect(
                loaded.warningLines == [
                    "\(path): mounts[0].pth: unknown key; did you mean path?",
                    "\(path): httPort: unknown key; did you mean httpPort?",
                ]
            )
            let error = try #require(throws: ConfigurationError.self) {
                try ConfigurationSource(file: path, isStrict: true).load()
            }
            #expect(error.lines == loaded.warningLines)
        }
    }

    @Test("a flag's value that makes no sense is reported with the rest", arguments: ["--log-level", "--log-format"])
    func badFlags(flag: String) throws {
        let arguments = try Arguments(parsing: [flag, "loud", "-c", "/nonexistent/x"])
        #expect(throws: ConfigurationError.self) { try arguments.source.load() }
        try withTemporaryDirectory { directory in
            let path = try write(#"{"mounts": []}"#, directory)
            let source = try Arguments(parsing: [flag, "loud", "-c", path]).source
            let error = try #require(throws: ConfigurationError.self) { try source.load() }
            #expect(error.problems.map(\.place) == [flag, "mounts"])
        }
    }

    @Test func aPipeMayHoldTheFile() throws {
        try withTemporaryDirectory { directory in
            try Shell.run("mkfifo pipe", in: directory)
            try Shell.run(beside: #"sleep 0.2; echo '{"mounts": [{"path": "/a"}]}' > pipe"#, in: directory) {
                let loaded = try ConfigurationSource(file: directory + "/pipe").load()
                #expect(loaded.configuration.mounts.count == 1)
            }
        }
    }

    @Test("the port for --probe is the flag's, the file's or the default, whatever else is wrong")
    func ports() throws {
        try withTemporaryDirectory { directory in
            let path = try write(#"{"httpPort": 9000, "mounts": [], "readTimeout": 7}"#, directory)
            #expect(try ConfigurationSource(file: path).port() == 9000)
            #expect(try ConfigurationSource(file: path, httpPort: 81).port() == 81)
            #expect(try ConfigurationSource(file: write("{}", directory)).port() == 8080)
            #expect(throws: ConfigurationError.self) { try ConfigurationSource(file: directory + "/gone").port() }
        }
    }
}

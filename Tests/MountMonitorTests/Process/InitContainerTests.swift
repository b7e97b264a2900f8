import TestSupport
import Testing

@testable import MountMonitor

@Suite struct InitContainerTests {
    /// What is logged of these mounts in a directory that has one named "good", whose canary is there.
    private func run(_ mounts: [String]) throws -> (passes: Bool, records: [JSON]) {
        try withTemporaryDirectory { directory in
            try Shell.run("mkdir good bad; touch good/canary", in: directory)
            var configuration = Configuration()
            // So that only what hangs is too late, on a busy machine, too.
            configuration.readTimeout = .seconds(600)
            configuration.mounts = mounts.map {
                MountConfiguration(name: $0, path: "\(directory)/\($0)", canaryFile: "canary", failureThreshold: 1)
            }
            let logs = LogCollector()
            let logger = logs.logger(.system)
            let passes = InitContainer.allPass(configuration, logger: logger)
            logger.flush(within: .seconds(600))
            return (passes, logs.records)
        }
    }

    private func lines(_ records: [JSON]) -> [String] {
        records.map { record in
            let texts = ["level", "msg", "event", "name"].compactMap { name -> String? in
                if case .string(let text)? = record[name] { text } else { nil }
            }
            return texts.joined(separator: ", ")
        }
    }

    @Test func saysWhatTheOriginalSaysOfMountsThatPass() throws {
        let run = try run(["good"])
        #expect(run.passes)
        #expect(
            lines(run.records) == [
                "INFO, running in init-container mode", "INFO, mount check passed, health check passed, good",
                "INFO, all mount checks passed",
            ]
        )
        #expect(run.records.last?["count"] == .integer(1))
    }

    @Test func saysWhatTheOriginalSaysOfOneThatFails() throws {
        let run = try run(["good", "bad"])
        #expect(!run.passes)
        #expect(
            lines(run.records) == [
                "INFO, running in init-container mode", "INFO, mount check passed, health check passed, good",
                "ERROR, mount check failed, health check failed, bad", "ERROR, one or more mount checks failed",
            ]
        )
        guard case .string(let error)? = run.records[2]["error"] else { return #expect(Bool(false), "no error") }
        #expect(error.contains("no such file or directory"))
        #expect(run.records.last?["count"] == .integer(2) && run.records.last?["failed"] == .integer(1))
    }
}

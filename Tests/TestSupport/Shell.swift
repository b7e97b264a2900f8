import Foundation

/// Runs other programs: the peers that write what we read and read what we write.
package enum Shell {
    /// What a program gave back.
    package struct Output: Sendable {
        /// Exit status.
        package let status: Int32
        /// What it wrote to standard output.
        package let output: [UInt8]
        /// What it wrote to standard error, for messages.
        package let errors: String

        /// Standard output as text.
        package var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// A program failed that a test needs.
    package struct Failure: Error, CustomStringConvertible {
        /// What was run and what it said.
        package let description: String
    }

    /// Runs a script by `bash -euo pipefail` in a directory; throws ``Failure`` when it fails.
    @discardableResult
    package static func run(_ script: String, in directory: String) throws -> Output {
        let output = try tryRun(script, in: directory)
        guard output.status == 0 else {
            throw Failure(description: "exit status \(output.status) of:\n\(script)\n\(output.errors)")
        }
        return output
    }

    /// Runs a script beside a body, and ends it when the body is done.
    package static func run<Result>(
        beside script: String,
        in directory: String,
        _ body: () throws -> Result
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        return try body()
    }

    /// Waits for a file that a program beside the test makes, in one step, and gives its content.
    package static func wait(for path: String) throws -> String {
        for _ in 0..<patience {
            if let content = FileManager.default.contents(atPath: path) {
                return String(decoding: content, as: UTF8.self)
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        throw Failure(description: "\(path) isn't there")
    }

    /// Looks at 50 a second, for ten minutes: a machine may be that busy.
    private static let patience = 30_000

    /// Runs a script and gives back its exit status, whatever it is.
    package static func tryRun(_ script: String, in directory: String) throws -> Output {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.standardInput = FileHandle.nullDevice
        // Files rather than pipes: a program that fills one pipe while we read the other would hang.
        let outputPath = directory + "/.stdout-\(UUID().uuidString)"
        let errorPath = directory + "/.stderr-\(UUID().uuidString)"
        defer {
            try? FileManager.default.removeItem(atPath: outputPath)
            try? FileManager.default.removeItem(atPath: errorPath)
        }
        for path in [outputPath, errorPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.standardOutput = FileHandle(forWritingAtPath: outputPath)
        process.standardError = FileHandle(forWritingAtPath: errorPath)
        try process.run()
        process.waitUntilExit()
        return Output(
            status: process.terminationStatus,
            output: Array(FileManager.default.contents(atPath: outputPath) ?? Data()),
            errors: String(decoding: FileManager.default.contents(atPath: errorPath) ?? Data(), as: UTF8.self)
        )
    }
}

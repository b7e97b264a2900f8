import Foundation

/// Runs other programs: the peers that write what we read and read what we write.
public enum Shell {
    /// What a program gave back.
    public struct Output: Sendable {
        /// Exit status.
        public let status: Int32
        /// What it wrote to standard output.
        public let output: [UInt8]
        /// What it wrote to standard error, for messages.
        public let errors: String

        /// Standard output as text.
        public var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// A program failed that a test needs.
    public struct Failure: Error, CustomStringConvertible {
        /// What was run and what it said.
        public let description: String
    }

    /// Runs a script by `bash -euo pipefail` in a folder; throws ``Failure`` when it fails.
    @discardableResult
    public static func run(_ script: String, in folder: String) throws -> Output {
        let output = try tryRun(script, in: folder)
        guard output.status == 0 else {
            throw Failure(description: "exit status \(output.status) of:\n\(script)\n\(output.errors)")
        }
        return output
    }

    /// Runs a script beside a body, and ends it when the body is done.
    public static func run<Result>(
        beside script: String,
        in folder: String,
        _ body: () throws -> Result
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euc", script]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
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

    /// Runs a script and gives back its exit status, whatever it is.
    public static func tryRun(_ script: String, in folder: String) throws -> Output {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        // Files rather than pipes: a program that fills one pipe while we read the other would hang.
        let outputPath = folder + "/.stdout-\(UUID().uuidString)"
        let errorPath = folder + "/.stderr-\(UUID().uuidString)"
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

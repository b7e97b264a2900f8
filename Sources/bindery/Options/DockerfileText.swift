import Dockerfile
import Printable
import SystemIO

/// The text of the Dockerfile that a call names, or of the usual one.
enum DockerfileText {
    /// The file that is taken where none is named.
    static let standard = "Dockerfile.release"
    private static let usual = "Dockerfile"

    /// Reads it: one byte more than is parsed, so that a larger file is refused and not cut.
    ///
    /// Throws ``UsageError`` for what can't be one, and ``SystemIO/SystemError``.
    static func read(_ path: String) throws -> [UInt8] {
        guard path != "-" else {
            throw UsageError(description: "the Dockerfile isn't read from standard input: name a file with -f")
        }
        let file: File
        do {
            file = try File.open(path)
        } catch {
            guard error.isNotFound, path == standard, (try? FileStatus.of(usual)) != nil else { throw error }
            throw Missing()
        }
        guard try file.status().kind != .directory else {
            throw UsageError(description: "\(path) is a directory: -f names the Dockerfile itself")
        }
        return try file.readBytes(limit: Dockerfile.maximumSize + 1)
    }

    private struct Missing: FailureWithStatus, CustomStringConvertible {
        var description: String {
            """
            there is no \(standard)
            `-f \(usual)` takes the \(usual) that is here.
            """
        }
        var exitStatus: ExitStatus { .notFound }
    }
}

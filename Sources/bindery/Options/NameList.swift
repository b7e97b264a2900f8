import ArgumentParser
import Foundation
import Printable
import SystemIO

/// A list of names in a file, one a line, for more than fit into a command line; `-` is standard input.
enum NameList {
    /// No list that people make is larger.
    private static let largestSize = 64 << 20

    /// The images that a file lists: lines without the blanks around them, but empty ones and comments after a `#`.
    static func images(_ path: String) throws -> [String] {
        try read(path).map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    }

    /// The lines of the file that aren't empty.
    ///
    /// Throws a ``UsageError`` for a file that is too large or isn't UTF-8.
    static func read(_ path: String) throws -> [String] {
        let bytes = try (path == "-" ? StandardStream.input() : File.open(path)).readBytes(limit: largestSize + 1)
        guard bytes.count <= largestSize else {
            throw UsageError(description: "\(printable(path)) is too large for a list of names")
        }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
            guard let name = String(validating: line, as: UTF8.self) else {
                throw UsageError(description: "\(printable(path)): '\(printable(line))' is not UTF-8")
            }
            // A system call would see what is before it, and a check pass over the rest.
            guard !line.contains(0) else {
                throw UsageError(
                    description:
                        "\(printable(path)): '\(printable(name, limit: 80))' has a NUL byte: one name a line is expected"
                )
            }
            return name
        }
    }
}

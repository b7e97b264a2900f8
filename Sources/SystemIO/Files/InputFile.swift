import Glibc

/// Files that a call reads, one of which may be standard input.
package enum InputFile {
    /// Opens a file, or for `-` what standard input has: a pipe can't be mapped, so that goes through a file without a name.
    package static func open(_ path: String) throws -> File {
        guard path == "-" else { return try File.open(path, O_RDONLY | O_NONBLOCK) }
        let file = try File.unnamed(in: Directory.temporary)
        let input = try StandardStream.input()
        try ReadBuffer().pass(from: { try input.read(into: $0) }, to: { try file.write($0) })
        return file
    }
}

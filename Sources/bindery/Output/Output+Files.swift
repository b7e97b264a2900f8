import Glibc
import SystemIO

extension Output {
    /// Writes a text as a whole file, or not at all; `-` is standard output.
    static func write(_ text: String, to path: String) throws {
        guard path != "-" else { return stream(text) }
        try AtomicFile.write(Array(text.utf8), to: path, followingLinks: true)
    }

    /// Adds a text to a file's end, made when it isn't there; `-` is standard output.
    static func append(_ text: String, to path: String) throws {
        guard path != "-" else { return stream(text) }
        let file = try File.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
        var text = text
        try text.withUTF8 { bytes in try file.write(UnsafeRawBufferPointer(bytes)) }
    }
}

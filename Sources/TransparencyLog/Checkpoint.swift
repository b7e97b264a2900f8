import Attestation
package import ContentAddress
import Printable

/// What a log was at some time: its name, its size and its root (C2SP tlog-checkpoint 1.0.0).
package struct Checkpoint: Sendable, Hashable {
    /// The log's name, which no other log has.
    package let origin: String
    /// How many leaves it had.
    package let size: Int64
    /// The root of the tree of these.
    package let root: Digest

    /// A checkpoint.
    package init(origin: String, size: Int64, root: Digest) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed.
    package var text: String { "\(origin)\n\(size)\n\(Base64.encode(root.bytes))\n" }

    /// Reads the text of a note; further lines are left to whoever knows them.
    package init(parsing text: String) throws(NoteError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 4, lines.last == "", !lines[0].isEmpty else {
            throw .malformed("a checkpoint has an origin, a size and a root, a line each")
        }
        guard let size = Int64(lines[1]), size >= 0, String(size) == lines[1] else {
            throw .malformed("'\(printable(lines[1], limit: 40))' is not the size of a log")
        }
        guard let bytes = Base64.decode(lines[2]), let root = try? Digest(bytes: bytes) else {
            throw .malformed(
                "'\(printable(lines[2], limit: 80))' is not the root of a log: 32 bytes in base64 are expected"
            )
        }
        guard !lines[3...].dropLast().contains("") else { throw .malformed("a checkpoint has no empty lines") }
        self.init(origin: lines[0], size: size, root: root)
    }
}

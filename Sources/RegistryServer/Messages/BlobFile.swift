import SystemIO

/// An open blob whose bytes are those of its digest.
final class BlobFile: Sendable {
    /// The open file.
    let file: File

    init(_ file: consuming File) { self.file = file }
}

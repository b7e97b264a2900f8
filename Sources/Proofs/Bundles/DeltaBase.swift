package import ArtifactStore
package import ContentAddress
package import ImageTransport
import SystemIO
package import TransparencyLog

/// What whoever gets a delta has already: a bundle of before, or all that the log tells of up to a checkpoint.
package struct DeltaBase {
    /// The checkpoint that the other side has; nil for a bundle without a log of this store.
    package let checkpoint: Checkpoint?
    /// The contents that it has, each with a name of what has them.
    package let contents: [Digest: String]

    /// Reads a checkpoint's file, or a bundle: a file, `oci:DIR` or `oci-archive:FILE`.
    ///
    /// Throws ``NoteError`` for a checkpoint at which the store's log never was.
    package init(_ text: String, in store: Store) throws {
        let status = try? FileStatus.of(text)
        let isFile = status?.kind == .file
        if let status, isFile, status.size <= SignedNote.sizeLimit, let note = try Self.note(at: text) {
            let checkpoint = try Checkpoint(parsing: note.text)
            try store.checkPast(checkpoint)
            self.checkpoint = checkpoint
            contents = try store.contents(before: checkpoint.size)
            return
        }
        let location: ImageLocation = try isFile ? .layoutArchive(path: text, tag: nil) : ImageLocation(parsing: text)
        let bundle: BundleImport
        do throws(TransportError) { bundle = try BundleImport(BundleSource(location)) } catch {
            guard isFile, case .archive = error else { throw error }
            throw TransportError.unsuitable(text, rule: "it is neither a bundle (\(error)) nor a checkpoint of a log")
        }
        checkpoint = try Self.checkpoint(of: bundle, in: store)
        contents = bundle.names
    }

    // A bundle is an archive, which begins with the name of a member.
    private static func note(at path: String) throws -> SignedNote? {
        let bytes = try File.open(path).readBytes(limit: SignedNote.sizeLimit)
        return try? SignedNote(parsing: bytes)
    }

    /// The last checkpoint of the store's log that a bundle has.
    private static func checkpoint(of bundle: BundleImport, in store: Store) throws -> Checkpoint? {
        let origin = try store.logHead().origin
        let logs = try bundle.parts.compactMap { try $0.proofs?.log.map { try LogExcerpt(parsing: $0).checkpoint } }
        let last = logs.filter { $0.origin == origin }.max { $0.size < $1.size }
        if let last { try store.checkPast(last) }
        return last
    }

    /// The same, as a bundle says it.
    package var point: BundleDelta.Point? {
        checkpoint.map { BundleDelta.Point(origin: $0.origin, size: $0.size, root: $0.root) }
    }
}

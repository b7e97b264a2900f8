import ContentAddress
import Glibc
import OCI
import SystemIO

/// Blobs as files of a directory, `blobs/sha256/<hex>` (docs/store-format.md).
struct DirectoryBlobs: BlobStorage {
    let paths: StorePaths
    let durable: Bool

    /// Below this number of files each is synced by itself, above it the whole file system is, once.
    private static let fileSystemThreshold = 8

    func place(of digest: Digest) -> String { paths.blob(digest) }

    func sync(_ blobs: [StagedBlob]) throws(StoreError) {
        guard durable else { return }
        try system { () throws(SystemError) in
            if blobs.count >= Self.fileSystemThreshold, let first = blobs.first {
                return try first.staged.file.syncFileSystem()
            }
            for blob in blobs { try blob.staged.file.sync() }
        }
    }

    func publish(_ blobs: [StagedBlob], _ terms: PublishTerms) throws(StoreError) -> [BlobOutcome] {
        let linker = BlobLinker(paths: paths, durable: durable, terms: terms)
        let buffer = ReadBuffer()
        let outcomes = try blobs.map { blob throws(StoreError) in try linker.link(blob, buffer: buffer) }
        // Also when all were there already: whoever made them may not have synced the directory yet.
        try syncNames()
        return outcomes
    }

    func syncNames() throws(StoreError) {
        guard durable else { return }
        try system { () throws(SystemError) in try Directory.sync(paths.blobs) }
    }

    func open(_ digest: Digest) throws(StoreError) -> File {
        do {
            // Without O_NONBLOCK the opening of a pipe would wait for a writer.
            let file = try File.open(paths.blob(digest), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
            let kind = try file.status().kind
            guard kind == .file else { throw damaged(digest, "it is a \(kind.rawValue)") }
            return file
        } catch let error as StoreError {
            throw error
        } catch let error as SystemError where error.isNotFound {
            throw .notFound(
                what: "the blob \(digest)",
                hint: "`bindery put` of the right bytes mends it, and `bindery verify --repair` looks for them"
            )
        } catch let error as SystemError where error.code == ELOOP {
            throw damaged(digest, "it is a symbolic link")
        } catch let error as SystemError {
            throw .system(error)
        } catch {
            throw damaged(digest, "\(error)")
        }
    }

    func isThere(_ digest: Digest) -> Bool { status(of: digest) != nil }

    func size(of digest: Digest) -> Int64? {
        status(of: digest).flatMap { $0.kind == .file ? $0.size : nil }
    }

    func look(
        at digest: Digest,
        size: Int64?,
        known: KnownFiles,
        buffer: ReadBuffer
    ) throws(StoreError) -> StandingBlob {
        try system { () throws(SystemError) in
            try StandingBlob(paths.blob(digest), digest, size: size, known: known, buffer: buffer)
        }
    }

    func read(_ digest: Digest, buffer: ReadBuffer, progress: @Sendable (Int64) -> Void) -> BlobFinding {
        BlobFinding(paths.blob(digest), buffer: buffer, progress: progress)
    }

    func remove(_ digest: Digest) throws(StoreError) -> Int64? {
        guard let size = status(of: digest)?.size else { return nil }
        try system { () throws(SystemError) in try Directory.remove(paths.blob(digest)) }
        return size
    }

    func setAside(_ digest: Digest, at time: Timestamp) throws(StoreError) -> String? {
        try system { () throws(SystemError) in
            let quarantine = Quarantine(paths)
            try quarantine.make()
            return try quarantine.move(paths.blob(digest), digest, at: time)
        }
    }

    func forEachName(_ body: (String) -> Void) throws(StoreError) {
        do {
            try Directory.forEachName(in: paths.blobs) { body($0) }
        } catch {
            throw .system(error as? SystemError ?? SystemError(call: "list", path: paths.blobs, code: EIO))
        }
    }

    private func status(of digest: Digest) -> FileStatus? { try? FileStatus.ofLink(paths.blob(digest)) }

    private func damaged(_ digest: Digest, _ reason: String) -> StoreError {
        .damaged(digest: digest, path: paths.blob(digest), reason: reason)
    }
}

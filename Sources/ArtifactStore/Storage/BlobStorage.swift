import ContentAddress
import OCI
import SystemIO

/// Where the blobs of a store are kept, each under its digest.
///
/// Whoever brings bytes hashes them into a ``StagedBlob`` first: what is published was read by us, and its name is what
/// it was hashed to. What a store has is the index's answer; a storage is asked for bytes, never for what there is, but
/// by a verification, and by a collection, which looks for what no row names. Calls block, and may be made from any
/// number of threads and processes at once.
protocol BlobStorage: Sendable {
    /// Where a blob is kept, for messages: a path, or an address.
    func place(of digest: Digest) -> String

    /// Brings the content of staged blobs to stable storage, as far as publishing them doesn't.
    func sync(_ blobs: [StagedBlob]) throws(StoreError)

    /// Makes staged blobs readable under their digests; at return those and their names are on stable storage.
    ///
    /// What stands there already is believed by ``look(at:size:known:buffer:)``'s rules alone, and is replaced else.
    /// ``sync(_:)`` was called for all but those in `terms.named`. Gives what became of each, in their order; one that
    /// ``BlobOutcome/needsLock`` is published again under the index's write lock. Throws what the storage fails at: then
    /// some may be published, and none is half.
    func publish(_ blobs: [StagedBlob], _ terms: PublishTerms) throws(StoreError) -> [BlobOutcome]

    /// Waits until the names of all that was published, by other processes too, are on stable storage.
    func syncNames() throws(StoreError)

    /// Opens a blob; its bytes are to be hashed by whoever reads them.
    ///
    /// Throws ``StoreError/notFound(what:hint:)`` when nothing stands there, and
    /// ``StoreError/damaged(digest:path:reason:)`` when it can't be a blob.
    func open(_ digest: Digest) throws(StoreError) -> File

    /// Whether anything stands under a blob's name.
    func isThere(_ digest: Digest) throws(StoreError) -> Bool

    /// How many bytes stand under a blob's name; nil where what stands there can't be a blob.
    func size(of digest: Digest) throws(StoreError) -> Int64?

    /// What stands under a blob's name: hashed, unless it is known.
    ///
    /// `size` is what the index says; nil where nobody knows it. Throws what the machine fails at.
    func look(
        at digest: Digest,
        size: Int64?,
        known: KnownFiles,
        buffer: ReadBuffer
    ) throws(StoreError) -> StandingBlob

    /// Reads all of what stands under a blob's name; `progress` gets the bytes since its last call.
    func read(_ digest: Digest, buffer: ReadBuffer, progress: @Sendable (Int64) -> Void) -> BlobFinding

    /// Removes what stands under a blob's name; its size, nil when nothing stood there.
    func remove(_ digest: Digest) throws(StoreError) -> Int64?

    /// Moves what stands under a blob's name out of the way, and says where it is then; nil when nothing stood there.
    func setAside(_ digest: Digest, at time: Timestamp) throws(StoreError) -> String?

    /// Hands out all names, in no order: those of blobs are the digits of their digests.
    func forEachName(_ body: (String) -> Void) throws(StoreError)
}

/// What a storage knows when it publishes blobs.
struct PublishTerms: Sendable {
    /// Those that have rows: their content was on stable storage before these were written.
    var named: Set<Digest> = []
    /// Files that count as compared with their digest.
    var known = KnownFiles()
    /// Names what goes into quarantine.
    let time: Timestamp
    /// Whether the caller has the index's write lock.
    var isLocked = false
}

/// What became of a blob that was published.
enum BlobOutcome: Sendable {
    /// It got its name.
    case new
    /// It stood there; `hashed` is the file's status when its bytes were compared for this.
    case present(hashed: FileStatus?)
    /// Something else stood there, and is in quarantine under this path.
    case replaced(quarantine: String?, reason: String)
    /// The storage can't give it its name in one step: it takes the index's write lock.
    case needsLock
}

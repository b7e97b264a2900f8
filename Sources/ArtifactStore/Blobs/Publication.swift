import ContentAddress
import GRDB
import OCI
import SystemIO

/// A change that brings blobs into the store, after it has staged them: *lease*, *sync*, *link*, *sync the directory*
/// and *commit*, of the write order (docs/store-format.md).
///
/// One that is let go before its commit ends its lease, and leaves at most blobs that no row names. For one thread.
final class Publication {
    private let store: Store
    private let lease: Lease
    /// The blobs that are on their way, a part at a time.
    private var publisher: BlobPublisher?
    private var isCommitted = false

    init(in store: Store) {
        self.store = store
        lease = Lease(store.paths, actor: store.options.actor)
    }

    deinit {
        if !isCommitted { lease.end(in: store.index) }
    }

    /// *Lease*: holds these digests, too, before it is asked which are there, so that a collection beside this can't
    /// take them any more.
    ///
    /// The time of all that is held begins again.
    func hold(_ digests: [Digest]) throws(StoreError) {
        let time = store.now
        try store.index.writeUnsynced { try lease.hold(digests, now: time, in: $0) }
    }

    /// Takes some staged blobs, when those before them are done.
    ///
    /// Where they are many and small, *sync* begins at once.
    func take(_ blobs: [StagedBlob]) throws(StoreError) {
        try finish()
        let publisher = BlobPublisher(blobs, to: store.blobs)
        if publisher.isOfMany { publisher.sync() }
        self.publisher = publisher
    }

    /// *Sync*, *link* and *sync the directory* begin, beside the caller; those in `named` have rows, and their files
    /// were synced before these were written.
    func sync(except named: Set<Digest>) {
        guard let publisher, !publisher.isOfMany else { return }
        publisher.sync(except: named)
    }

    func link(_ digests: [Digest], named: Set<Digest>) throws(StoreError) {
        let time = store.now
        let known = try store.knownFiles(digests, at: time)
        publisher?.publish(PublishTerms(named: named, known: known, time: time))
    }

    /// Makes staged blobs visible; at return their content and names are on stable storage.
    func publish(_ blobs: [StagedBlob], named: Set<Digest>) throws(StoreError) {
        guard !blobs.isEmpty else { return }
        try take(blobs)
        sync(except: named)
        try link(blobs.map(\.digest), named: named)
        try finish()
    }

    /// Waits for what is on its way, and tells what was replaced for it.
    func finish() throws(StoreError) {
        guard let publisher else { return }
        self.publisher = nil
        store.note(try publisher.finish(in: store.index))
    }

    /// Waits, unless so many rows are to be written that they are better written while the disk works: a few aren't
    /// worth it that other writers wait for the disk, too.
    func finishUnlessOfMany() throws(StoreError) {
        if publisher?.isOfMany == false { try finish() }
    }

    /// *Commit*: writes the rows in one transaction, which ends the lease on `digests`.
    func commit<Value>(
        _ digests: [Digest],
        _ rows: (Database, Timestamp, _ actor: String) throws -> Value
    ) throws(StoreError) -> Value {
        let time = store.now
        let value = try store.index.write { db in
            // Asked for once: it looks into the user database.
            let value = try rows(db, time, store.options.actor)
            // What the rows name must be there for good before they are.
            try lease.release(digests, in: db, from: store.blobs) { try publisher?.finishLocked() }
            return value
        }
        isCommitted = true
        lease.removeFile()
        try finish()
        return value
    }
}

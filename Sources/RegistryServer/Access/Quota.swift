package import ArtifactStore
import ContentAddress
import NIOHTTP1
import OCI
import Printable
import Synchronization

/// How much space may be taken by pushes.
package final class Quota: Sendable {
    private let store: Store
    private let perRepository: Int64?
    private let ofStore: Int64?
    /// What all blobs of the store had, with what was pushed since.
    private let known = Mutex<(size: Int64, at: ContinuousClock.Instant)?>(nil)
    /// How long that counts: others put and collect.
    private static let time = Duration.seconds(10)
    /// What requests will write into uploads, and haven't yet.
    private let promised = Mutex<Int64>(0)
    /// What is on its way into each repository, and into the store.
    private let coming = Mutex<[String: Int64]>([:])

    /// So many bytes in each repository, and in the store; nil for as many as there are.
    package init(_ store: Store, perRepository: Int64?, ofStore: Int64?) {
        (self.store, self.perRepository, self.ofStore) = (store, perRepository, ofStore)
    }

    /// How many bytes may still come for a repository; nil for as many as there are.
    ///
    /// `uploads` are the bytes of those that haven't ended. Throws ``RegistryProblem`` where there is no room.
    func room(in name: RepositoryName, _ spellings: [String], uploads: Int64) throws -> Int64? {
        var room: Int64?
        if let perRepository {
            let taken = try store.size(ofRepository: name.text, spellings)
            guard taken < perRepository else { throw RegistryProblem.repositoryFull(name, perRepository) }
            room = perRepository - taken
        }
        if let ofStore {
            let taken = try total() + uploads
            guard taken < ofStore else { throw RegistryProblem.storeFull(ofStore) }
            room = min(room ?? .max, ofStore - taken)
        }
        return room
    }

    /// Keeps space of the store for the content of one request; nil where there is no end to it.
    ///
    /// `announced` are the bytes that the request says it has, `uploads` those of all uploads that haven't ended. Throws
    /// ``RegistryProblem`` where there is no room for them, with what other requests will write.
    func share(announced: Int64, uploads: @escaping @Sendable () throws -> Int64) throws -> UploadShare? {
        guard let ofStore else { return nil }
        let share = UploadShare(full: .storeFull(ofStore)) { [self] in
            try promise($0, uploads)
        } redeem: { [self] in
            redeem($0)
        }
        guard try share.keep(announced) else { throw share.full }
        return share
    }

    /// Promises space for so many bytes; false where the store has none.
    private func promise(_ count: Int64, _ uploads: () throws -> Int64) throws -> Bool {
        guard let ofStore else { return true }
        guard count <= ofStore else { return false }
        return try promised.withLock { promised in
            guard try total() + uploads() <= ofStore - promised - count else { return false }
            promised += count
            return true
        }
    }

    /// What was promised is written, or won't be.
    private func redeem(_ count: Int64) { promised.withLock { $0 -= count } }

    /// Takes a blob in.
    ///
    /// Throws ``RegistryProblem`` where there is no room for it, with what others take in at the same time.
    func take<Value>(
        _ digest: Digest,
        _ size: Int64,
        in name: RepositoryName,
        _ spellings: [String],
        _ body: () throws -> Value
    ) throws -> Value {
        let added = try coming.withLock { coming in
            let isNew = try store.blobSize(digest) == nil
            let all = isNew ? size : 0
            let present = try perRepository == nil ? 0 : store.size(ofRepository: name.text, spellings)
            let own =
                try perRepository == nil
                ? 0 : all + store.size(ofRepository: name.text, spellings, with: digest) - present
            if let perRepository, own > perRepository - present - (coming[name.text] ?? 0) {
                throw RegistryProblem.repositoryFull(name, perRepository)
            }
            if let ofStore, all > 0, try all > ofStore - total() - (coming[""] ?? 0) {
                throw RegistryProblem.storeFull(ofStore)
            }
            coming[name.text, default: 0] += own
            coming["", default: 0] += all
            return (own: own, all: all)
        }
        defer {
            coming.withLock { coming in
                for (key, count) in [(name.text, added.own), ("", added.all)] {
                    let rest = (coming[key] ?? 0) - count
                    coming[key] = rest > 0 ? rest : nil
                }
            }
        }
        let value = try body()
        known.withLock { $0?.size += added.all }
        return value
    }

    // The sum of a million sizes takes a tenth of a second.
    private func total() throws -> Int64 {
        let now = ContinuousClock.now
        if let known = known.withLock(\.self), now - known.at < Self.time { return known.size }
        let size = try store.totalSize()
        known.withLock { $0 = (size, now) }
        return size
    }
}

extension RegistryProblem {
    static func repositoryFull(_ name: RepositoryName, _ quota: Int64) -> Self {
        .denied("\(name) may have \(ByteCount.text(quota)), and this would be more: delete images that nobody needs")
    }

    static func storeFull(_ quota: Int64) -> Self {
        .denied("the store may have \(ByteCount.text(quota)), and this would be more")
    }

    static func tooMuch(_ seconds: Int64) -> Self {
        Self(
            status: .tooManyRequests,
            code: .tooManyRequests,
            message: "more was asked for than one client may have; ask again in \(seconds) s",
            headers: ["Retry-After": "\(seconds)"]
        )
    }
}

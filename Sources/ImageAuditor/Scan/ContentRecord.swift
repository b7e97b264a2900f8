import Archive
package import ContentAddress
package import ImageFileSystem
import Synchronization

/// What is kept of an image's contents while an audit reads them, by their digests.
///
/// That is SHA-1 of each, MD5 where somebody may ask for it, and the bytes of chosen files. Thread-safe.
package final class ContentRecord: Sendable {
    /// Digests that other tools name files by.
    package struct Sums: Sendable {
        /// Nil where OpenSSL has none, and for a content that passed while nothing asked for it.
        package let md5: [UInt8]?
        /// Nil where OpenSSL has none.
        package let sha1: [UInt8]?
    }

    /// Of which contents MD5 is computed, which takes longer than all else of a scan but inflating.
    package enum MD5Use: Sendable {
        case always
        /// Of the first 16 MiB, and of all that passes behind a path that asks for it.
        case behind(@Sendable (FilePath) -> Bool)
    }

    private struct State {
        var sums: [Digest: Sums] = [:]
        var bytes: [Digest: [UInt8]] = [:]
        var rest = ContentRecord.largestSize
        var md5Rest: Int64 = 16 << 20
        var isMD5Asked = false
        var hasSkippedMD5 = false
    }

    private let state = Mutex(State())
    private let isWanted: @Sendable (FilePath) -> Bool
    private let md5: MD5Use

    /// More bytes aren't kept, of all files together.
    private static let largestSize = 128 << 20

    /// An empty record that keeps the bytes of files with certain paths.
    package init(
        keeping isWanted: @escaping @Sendable (FilePath) -> Bool = { _ in false },
        md5: MD5Use = .always
    ) {
        self.isWanted = isWanted
        self.md5 = md5
    }

    /// The digests of a content; nil for one that wasn't read.
    package func sums(of digest: Digest) -> Sums? { state.withLock { $0.sums[digest] } }

    /// The bytes of a file whose path was wanted; nil for others, and where there was no room.
    package func bytes(of digest: Digest) -> [UInt8]? { state.withLock { $0.bytes[digest] } }

    /// Whether somebody may ask for MD5, and some content passed before that was known.
    package var mayLackMD5: Bool { state.withLock { $0.isMD5Asked && $0.hasSkippedMD5 } }

    /// Hears of the files of one layer, one after the other.
    func listener() -> Listener { Listener(self) }

    private func takesMD5(of path: FilePath?, _ size: Int64) -> Bool {
        guard case .behind(let isAsking) = md5 else { return true }
        return state.withLock { state in
            if !state.isMD5Asked, let path, isAsking(path) { state.isMD5Asked = true }
            if state.isMD5Asked { return true }
            guard size <= state.md5Rest else {
                state.hasSkippedMD5 = true
                return false
            }
            state.md5Rest -= size
            return true
        }
    }

    private func add(_ sums: Sums, of digest: Digest) {
        state.withLock { state in
            // The same bytes may pass twice.
            if sums.md5 == nil, state.sums[digest] != nil { return }
            state.sums[digest] = sums
        }
    }

    private func add(_ bytes: [UInt8], of digest: Digest) {
        state.withLock { state in
            guard state.bytes[digest] == nil, bytes.count <= state.rest else { return }
            state.rest -= bytes.count
            state.bytes[digest] = bytes
        }
    }

    /// Takes the contents of a layer's files as they pass, and leaves the digests to a thread of its own.
    final class Listener {
        private let record: ContentRecord
        private let hasher = ContentHasher()
        private var kept: [UInt8]?

        fileprivate init(_ record: ContentRecord) {
            self.record = record
        }

        func begin(_ entry: TarEntry) {
            let path = FilePath(entry.path)
            let isWanted =
                entry.kind == .file && entry.size <= ContentRecord.largestSize && path.map(record.isWanted) == true
            kept = isWanted ? [] : nil
            hasher.begin(md5: record.takesMD5(of: path, entry.size))
        }

        func take(_ bytes: UnsafeRawBufferPointer) {
            hasher.take(bytes)
            kept?.append(contentsOf: bytes)
        }

        func takeZeros(_ count: Int64) {
            ContentReader.forEachZeros(count, take)
        }

        func finish(_ digest: Digest) {
            if let kept { record.add(kept, of: digest) }
            hasher.finish { [record] sums in record.add(sums, of: digest) }
        }

        /// Waits until the record has the digests of all files that were finished.
        func close() { hasher.close() }
    }
}

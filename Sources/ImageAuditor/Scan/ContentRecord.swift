import Archive
package import ContentAddress
package import ImageFileSystem
import Synchronization

/// What is kept of an image's contents while an audit reads them, by their digests.
///
/// That is MD5 and SHA-1 of each, and the bytes of chosen files. Thread-safe.
package final class ContentRecord: Sendable {
    /// Digests that other tools name files by.
    package struct Sums: Sendable {
        /// Nil where OpenSSL has none.
        package let md5: [UInt8]?
        package let sha1: [UInt8]?
    }

    private struct State {
        var sums: [Digest: Sums] = [:]
        var bytes: [Digest: [UInt8]] = [:]
        var rest = ContentRecord.largestSize
    }

    private let state = Mutex(State())
    private let isWanted: @Sendable (FilePath) -> Bool

    /// More bytes aren't kept, of all files together.
    private static let largestSize = 128 << 20

    /// An empty record that keeps the bytes of files with certain paths.
    package init(keeping isWanted: @escaping @Sendable (FilePath) -> Bool = { _ in false }) {
        self.isWanted = isWanted
    }

    /// The digests of a content; nil for one that wasn't read.
    package func sums(of digest: Digest) -> Sums? { state.withLock { $0.sums[digest] } }

    /// The bytes of a file whose path was wanted; nil for others, and where there was no room.
    package func bytes(of digest: Digest) -> [UInt8]? { state.withLock { $0.bytes[digest] } }

    /// Hears of the files of one layer, one after the other.
    func listener() -> Listener { Listener(self) }

    private func add(_ sums: Sums, of digest: Digest) {
        state.withLock { $0.sums[digest] = sums }
    }

    private func add(_ bytes: [UInt8], of digest: Digest) {
        state.withLock { state in
            guard state.bytes[digest] == nil, bytes.count <= state.rest else { return }
            state.rest -= bytes.count
            state.bytes[digest] = bytes
        }
    }

    /// Takes the contents of a layer's files as they pass, and leaves the two digests to a thread of its own.
    final class Listener {
        private let record: ContentRecord
        private let hasher = ContentHasher()
        private var kept: [UInt8]?

        fileprivate init(_ record: ContentRecord) {
            self.record = record
        }

        func begin(_ entry: TarEntry) {
            let isWanted =
                entry.kind == .file && entry.size <= ContentRecord.largestSize
                && FilePath(entry.path).map(record.isWanted) == true
            kept = isWanted ? [] : nil
            hasher.begin()
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

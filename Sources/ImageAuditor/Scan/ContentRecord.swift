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

    /// Hears of one file's content, begun with its entry.
    func listener(to entry: TarEntry) -> Listener {
        let isWanted =
            entry.kind == .file && entry.size <= Self.largestSize && FilePath(entry.path).map(isWanted) == true
        return Listener(self, keepsBytes: isWanted)
    }

    private func add(_ sums: Sums, _ bytes: [UInt8]?, of digest: Digest) {
        state.withLock { state in
            state.sums[digest] = sums
            guard let bytes, state.bytes[digest] == nil, bytes.count <= state.rest else { return }
            state.rest -= bytes.count
            state.bytes[digest] = bytes
        }
    }

    /// Takes one file's content as it passes.
    final class Listener {
        private let record: ContentRecord
        private var md5 = LegacyHasher(.md5)
        private var sha1 = LegacyHasher(.sha1)
        private var kept: [UInt8]?

        fileprivate init(_ record: ContentRecord, keepsBytes: Bool) {
            self.record = record
            kept = keepsBytes ? [] : nil
        }

        func take(_ bytes: UnsafeRawBufferPointer) {
            md5?.update(bytes)
            sha1?.update(bytes)
            kept?.append(contentsOf: bytes)
        }

        func takeZeros(_ count: Int64) {
            ContentReader.forEachZeros(count, take)
        }

        func finish(_ digest: Digest) {
            let sums = Sums(md5: md5.take()?.finalize(), sha1: sha1.take()?.finalize())
            record.add(sums, kept, of: digest)
        }
    }
}

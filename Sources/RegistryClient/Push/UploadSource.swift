import ImageTransport
import SystemIO

/// A blob's bytes from any offset on, read once where the requests follow each other.
///
/// One thread at a time asks.
final class UploadSource: @unchecked Sendable {
    let size: Int64
    private let opening: @Sendable () throws(TransportError) -> BlobStream
    private let progress: @Sendable (Int64) -> Void
    private var blob: BlobStream?
    private var position: Int64 = 0
    // The furthest offset that was ever read: what is sent again is not progress.
    private var furthest: Int64 = 0

    init(
        size: Int64,
        opening: @escaping @Sendable () throws(TransportError) -> BlobStream,
        progress: @escaping @Sendable (Int64) -> Void
    ) {
        self.size = size
        self.opening = opening
        self.progress = progress
    }

    /// The bytes from an offset to an end.
    ///
    /// What lies before them is read for the digest alone, which is compared before the last byte counts.
    func reader(_ range: Range<Int64>) throws(TransportError) -> any BlobReader {
        if blob == nil || position > range.lowerBound {
            blob = try opening()
            position = 0
        }
        if position < range.lowerBound {
            try ReadBuffer().pass(
                atMost: range.lowerBound - position,
                from: { bytes throws(TransportError) in try read(bytes) },
                to: { _ throws(TransportError) in }
            )
        }
        return Part(source: self, rest: range.upperBound - range.lowerBound)
    }

    private func read(_ buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        guard let blob else { return 0 }
        let count = try blob.read(into: buffer)
        position += Int64(count)
        return count
    }

    private final class Part: BlobReader {
        private let source: UploadSource
        private var rest: Int64

        init(source: UploadSource, rest: Int64) {
            self.source = source
            self.rest = rest
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
            // One more read at the blob's own end lets it compare the digest.
            guard rest > 0 || source.position >= source.size else { return 0 }
            let length = rest > 0 ? Int(min(rest, Int64(buffer.count))) : buffer.count
            let count = try source.read(UnsafeMutableRawBufferPointer(rebasing: buffer[..<length]))
            rest -= Int64(count)
            let gained = source.position - source.furthest
            if gained > 0 {
                source.furthest = source.position
                source.progress(gained)
            }
            return count
        }
    }
}

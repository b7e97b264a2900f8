internal import ImageTransport

/// A blob from an offset on.
///
/// What lies before it is read for its digest alone.
final class UploadReader: BlobReader {
    private let blob: BlobStream
    private var toSkip: Int64
    private var position: Int64 = 0
    private let reached: (Int64) -> Void

    /// `reached` hears each new offset.
    init(_ blob: BlobStream, from offset: Int64, reached: @escaping (Int64) -> Void) {
        self.blob = blob
        toSkip = offset
        self.reached = reached
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        while toSkip > 0 {
            let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
            defer { scratch.deallocate() }
            let part = UnsafeMutableRawBufferPointer(rebasing: scratch[..<Int(min(toSkip, Int64(scratch.count)))])
            let count = try blob.read(into: part)
            guard count > 0 else { return 0 }
            toSkip -= Int64(count)
            position += Int64(count)
        }
        let count = try blob.read(into: buffer)
        position += Int64(count)
        reached(position)
        return count
    }
}

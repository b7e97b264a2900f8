package import Archive
package import ContentAddress
package import OCI
package import SystemIO

/// A layer's uncompressed bytes, checked twice while they pass: as the blob that the descriptor names, and as the
/// diffID that the config names.
///
/// Reading, the blob's hash and inflating run on a thread of their own. What is read before the end may turn out to be
/// wrong: ``next()`` throws at the end then. Not thread-safe.
package final class LayerStream {
    private let ahead: ReadAhead
    private let detected = Detected()
    private let what: String
    private let layer: Descriptor
    private let diffID: Digest?
    private let budget: WorkBudget?
    private var count: Int64 = 0
    private var hasher: DigestHasher?
    private var isAtEnd = false

    /// Opens a layer.
    ///
    /// `diffID` is nil when nothing is known of the uncompressed bytes; `budget` is what they are counted against.
    package convenience init(
        of source: any ImageSource,
        _ layer: Descriptor,
        diffID: Digest?,
        budget: WorkBudget? = nil
    ) {
        self.init(layer, diffID: diffID, budget: budget) { () throws(TransportError) in try source.blob(layer) }
    }

    /// Opens a layer by what opens its blob.
    init(
        _ layer: Descriptor,
        diffID: Digest?,
        budget: WorkBudget?,
        open: @escaping @Sendable () throws(TransportError) -> BlobStream
    ) {
        what = "layer \(layer.digest.short)"
        self.layer = layer
        self.diffID = diffID
        self.budget = budget
        let what = what
        let detected = detected
        ahead = ReadAhead { () throws(TransportError) in
            let blob = TailReader(try open(), detected)
            let reader = try DecompressingReader(blob, what: what, budget: budget) { budget?.earn(Int64($0)) }
            detected.compression = reader.compression
            detected.hasUnclearStart = reader.hasUnclearStart
            return reader
        }
    }

    deinit {
        ahead.stop()
    }

    /// How the layer is compressed, whatever its media type says; known after the first ``next()``.
    package var compression: Compression { detected.compression }

    /// Whether some engines don't take the layer for compressed, and read it as an archive; known after the first
    /// ``next()``.
    package var hasUnclearStart: Bool { detected.hasUnclearStart }

    /// The blob's last bytes, ``tailCount`` at most; known once ``next()`` has returned nil.
    package var tail: [UInt8] { detected.tail }

    /// The file that was read, where nothing has changed it meanwhile; known once ``next()`` has returned nil.
    package var file: FileStatus? { detected.file }

    /// How many bytes of a blob's end are kept.
    package static let tailCount = 128

    /// How many uncompressed bytes have been read.
    package var uncompressedCount: Int64 { count }

    /// The next bytes, valid until the next call; nil at the end.
    ///
    /// Throws ``TransportError/digest(what:expected:found:)`` when blob or uncompressed bytes are not those that were
    /// promised, ``TransportError/spent(what:_:)`` when the budget is spent.
    package func next() throws(TransportError) -> UnsafeRawBufferPointer? {
        guard !isAtEnd else { return nil }
        guard let bytes = try ahead.next() else {
            isAtEnd = true
            try compareDiffID()
            return nil
        }
        // A plain layer has been hashed on the other thread: its digest is its diffID.
        if count == 0, compression != .none, diffID != nil { hasher = DigestHasher() }
        count += Int64(bytes.count)
        do { try budget?.take(Int64(bytes.count), .bytes) } catch { throw .spent(what: what, error) }
        hasher?.update(bytes)
        return bytes
    }

    private func compareDiffID() throws(TransportError) {
        guard let diffID else { return }
        // A compressed stream of nothing has handed out no byte to hash.
        let found = hasher.take()?.finalize() ?? (compression == .none ? layer.digest : Digest.of([UInt8]()))
        guard found == diffID else { throw .digest(what: "\(what), uncompressed,", expected: diffID, found: found) }
    }

    // Written by the reading thread before it hands over the first buffer, the tail before the end; read after that.
    private final class Detected: @unchecked Sendable {
        var compression = Compression.none
        var hasUnclearStart = false
        var tail: [UInt8] = []
        var file: FileStatus?
    }

    /// Keeps a blob's last bytes while they pass.
    private final class TailReader: BlobReader {
        private let reader: any BlobReader
        private let detected: Detected
        private let before: FileStatus?
        private var tail: [UInt8] = []

        init(_ reader: any BlobReader, _ detected: Detected) {
            self.reader = reader
            before = reader.file
            self.detected = detected
        }

        func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
            let count = try reader.read(into: buffer)
            guard count > 0 else {
                detected.tail = tail
                detected.file = reader.file == before ? before : nil
                return 0
            }
            tail.removeFirst(max(0, min(tail.count, tail.count + count - LayerStream.tailCount)))
            tail.append(contentsOf: buffer[..<count].suffix(LayerStream.tailCount))
            return count
        }
    }
}

import Archive
import SystemIO

/// The decompressed bytes of another reader; how it is compressed shows in its first bytes.
final class DecompressingReader: BlobReader {
    /// How the bytes are compressed.
    let compression: Compression
    /// Whether some tools don't take the bytes for compressed ones, and read them as they are: they go by a media type, or
    /// know fewer compressors, and the first bytes are an archive's, too.
    let hasUnclearStart: Bool
    private let reader: any BlobReader
    private let what: String
    private let budget: WorkBudget?
    private let hasRead: (Int) -> Void
    private var decompressor: Decompressor
    private let buffer = ReadBuffer()
    private var input: UnsafeRawBufferPointer
    private var isAtEnd = false

    /// `hasRead` hears of each piece of compressed bytes that was read; what a slow decompressor gives is counted against
    /// the budget, ``read(into:)`` throws ``TransportError/spent(what:_:)`` beyond it.
    init(
        _ reader: any BlobReader,
        what: String,
        budget: WorkBudget? = nil,
        hasRead: @escaping (Int) -> Void = { _ in }
    ) throws(TransportError) {
        let count = try reader.readFully(into: UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<4096]))
        hasRead(count)
        input = buffer.prefix(count)
        compression = Compression(detecting: input.prefix(Compression.prefixLength))
        hasUnclearStart =
            Compression.isSkippableFrame(input.prefix(Compression.prefixLength))
            || (compression != .none && ArchiveFormat.isTar(input))
        do { decompressor = try Decompressor(compression) } catch { throw .compression(what: what, error) }
        self.reader = reader
        self.what = what
        self.budget = budget
        self.hasRead = hasRead
    }

    func read(into output: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        // What isn't compressed needn't pass through the buffer.
        if compression == .none, input.isEmpty {
            let count = try reader.read(into: output)
            hasRead(count)
            return count
        }
        while true {
            do {
                let count = try decompressor.decompress(&input, into: output)
                if count > 0 {
                    if let budget, compression.isSlow { try take(count, budget) }
                    return count
                }
                if isAtEnd {
                    try decompressor.finish()
                    return 0
                }
            } catch let error as TransportError {
                throw error
            } catch let error as CompressionError {
                throw .compression(what: what, error)
            } catch {
                throw .document(what: what, reason: "\(error)")
            }
            let count = try reader.read(into: buffer.bytes)
            hasRead(count)
            input = buffer.prefix(count)
            isAtEnd = count == 0
        }
    }

    private func take(_ count: Int, _ budget: WorkBudget) throws(TransportError) {
        do { try budget.take(Int64(count), .slow) } catch { throw .spent(what: what, error) }
    }
}

import Archive

/// The decompressed bytes of another reader; how it is compressed shows in its first bytes.
final class DecompressingReader: BlobReader {
    /// How the bytes are compressed.
    let compression: Compression
    /// Whether some tools don't take the bytes for compressed ones, and read them as they are.
    let hasUnclearStart: Bool
    private let reader: any BlobReader
    private let what: String
    private let hasRead: (Int) -> Void
    private var decompressor: Decompressor
    private let buffer: UnsafeMutableRawBufferPointer
    private var input: UnsafeRawBufferPointer
    private var isAtEnd = false

    private static let bufferSize = 128 << 10

    /// `hasRead` hears of each piece of compressed bytes that was read.
    init(
        _ reader: any BlobReader,
        what: String,
        hasRead: @escaping (Int) -> Void = { _ in }
    ) throws(TransportError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferSize, alignment: 4096)
        do throws(TransportError) {
            let count = try reader.readFully(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<4096]))
            hasRead(count)
            input = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            compression = Compression(detecting: input.prefix(Compression.prefixLength))
            hasUnclearStart = Compression.isSkippableFrame(input.prefix(Compression.prefixLength))
            do { decompressor = try Decompressor(compression) } catch { throw .compression(what: what, error) }
        } catch {
            buffer.deallocate()
            throw error
        }
        self.buffer = buffer
        self.reader = reader
        self.what = what
        self.hasRead = hasRead
    }

    deinit {
        buffer.deallocate()
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
                if count > 0 { return count }
                if isAtEnd {
                    try decompressor.finish()
                    return 0
                }
            } catch {
                throw .compression(what: what, error)
            }
            let count = try reader.read(into: buffer)
            hasRead(count)
            input = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            isAtEnd = count == 0
        }
    }
}

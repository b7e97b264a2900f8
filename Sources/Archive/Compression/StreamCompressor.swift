/// Compresses a stream that is handed to it in pieces of any size.
///
/// The same stream gives the same bytes however it is cut into pieces, for one version of the library. Memory is
/// bounded by the format's chunk or window. Not thread-safe, but it may be handed to another thread.
package struct StreamCompressor: ~Copyable {
    private let encoder: any StreamEncoder

    /// Starts a stream.
    package init(_ recipe: CompressionRecipe) throws(CompressionError) {
        encoder =
            switch recipe {
            case .none: CopyEncoder()
            case .gzip(let level): try GzipCompressor(level: level)
            case .zstd(let level): try ZstdCompressor(level: level)
            }
    }

    /// Takes a piece; what comes out goes to `sink`, whose bytes are valid during the call.
    package mutating func add(
        _ bytes: UnsafeRawBufferPointer,
        _ sink: (UnsafeRawBufferPointer) -> Void
    ) throws(CompressionError) {
        try encoder.add(bytes, sink)
    }

    /// Ends the stream.
    package mutating func finish(_ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError) {
        try encoder.finish(sink)
    }
}

/// One format's encoder: a C library's state behind two calls.
protocol StreamEncoder: AnyObject {
    /// Takes further bytes.
    func add(_ bytes: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError)
    /// Ends the stream.
    func finish(_ sink: (UnsafeRawBufferPointer) -> Void) throws(CompressionError)
}

/// Leaves bytes as they are.
final class CopyEncoder: StreamEncoder {
    func add(_ bytes: UnsafeRawBufferPointer, _ sink: (UnsafeRawBufferPointer) -> Void) {
        if !bytes.isEmpty { sink(bytes) }
    }

    func finish(_ sink: (UnsafeRawBufferPointer) -> Void) {}
}

/// Reads a compressed stream from bytes that are handed to it in pieces of any size.
///
///     var input = piece
///     while case let count = try decompressor.decompress(&input, into: output), count > 0 { … }
///     try decompressor.finish()                              // after the last piece
///
/// Memory is bounded by the format's window (32 KiB for gzip, at most 128 MiB for the others), never by the output: a
/// small stream that blows up is for the caller to stop. Not thread-safe, but it may be handed to another thread.
package struct Decompressor: ~Copyable {
    /// How the stream is compressed.
    package let compression: Compression
    private let decoder: any StreamDecoder
    private var consumed: Int64 = 0

    /// Starts a stream.
    ///
    /// ``Compression/none`` copies input to output.
    package init(_ compression: Compression) throws(CompressionError) {
        self.compression = compression
        decoder =
            switch compression {
            case .none: CopyDecoder()
            case .gzip: try GzipDecoder()
            case .zstd: try ZstdDecoder()
            case .bzip2: BZip2Decoder()
            case .xz: try XZDecoder()
            case .lzma: try LZMADecoder()
            }
    }

    /// Takes input and fills output, which mustn't be empty; drops from `input` what was used.
    ///
    /// Returns the count of bytes written; 0 only when the input is used up.
    package mutating func decompress(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError) -> Int {
        while true {
            let before = input.count
            let written: Int
            do {
                written = try decoder.decode(&input, into: output)
            } catch {
                throw CompressionError(error, compression, at: consumed + Int64(before - input.count))
            }
            consumed += Int64(before - input.count)
            if written > 0 || input.isEmpty { return written }
        }
    }

    /// Says that no more input comes; throws ``CompressionError/Reason/truncated`` inside a stream.
    package mutating func finish() throws(CompressionError) {
        guard decoder.isComplete else { throw CompressionError(.truncated, compression, at: consumed) }
    }
}

/// One format's decoder: a C library's state behind two calls.
protocol StreamDecoder: AnyObject {
    /// Whether the input so far is one or more whole streams.
    var isComplete: Bool { get }
    /// Moves some input to some output. Must use input, write output or throw, each time it is called with input.
    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) throws(CompressionError.Reason) -> Int
}

extension CompressionError.Reason: Error {}

/// Uncompressed bytes.
final class CopyDecoder: StreamDecoder {
    let isComplete = true

    func decode(
        _ input: inout UnsafeRawBufferPointer,
        into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        let piece = UnsafeRawBufferPointer(rebasing: input.prefix(output.count))
        UnsafeMutableRawBufferPointer(rebasing: output[..<piece.count]).copyMemory(from: piece)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(piece.count))
        return piece.count
    }
}

/// The largest count of bytes to hand to a library that counts in 32 bits.
let largestPiece = 1 << 30

/// The uncompressed bytes of a stream that is in memory, in pieces; each is paid for from a budget.
final class UnpackedStream {
    /// What is there and was not used yet; valid until the next ``refill()``.
    private(set) var piece = UnsafeRawBufferPointer(start: nil, count: 0)
    /// How many bytes were used.
    private(set) var offset: Int64 = 0

    private let format: ArchiveFormat
    private let budget: WorkBudget
    private var input: UnsafeRawBufferPointer
    private var decompressor: Decompressor
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    /// The stream says itself how it is compressed.
    init(_ bytes: UnsafeRawBufferPointer, in format: ArchiveFormat, budget: WorkBudget) throws(CompressionError) {
        self.format = format
        self.budget = budget
        input = bytes
        decompressor = try Decompressor(Compression(detectingInArchive: bytes.prefix(Compression.archivePrefixLength)))
    }

    deinit {
        output.deallocate()
    }

    /// Makes a next piece when the last is used up; false at the end of the stream, which must be whole.
    func refill() throws -> Bool {
        piece.isEmpty ? try fill(atLeast: 1) : true
    }

    /// Makes a piece of so many bytes, at most 256 KiB; false when fewer are left.
    func fill(atLeast count: Int) throws -> Bool {
        guard piece.count < count else { return true }
        var filled = piece.count
        // The piece is a part of the output: it moves to the front.
        UnsafeMutableRawBufferPointer(rebasing: output[..<filled]).copyMemory(from: piece)
        while filled < min(count, output.count) {
            let room = UnsafeMutableRawBufferPointer(rebasing: output[filled...])
            let written = try decompressor.decompress(&input, into: room)
            guard written > 0 else {
                try decompressor.finish()
                break
            }
            try budget.take(Int64(written), .bytes)
            filled += written
        }
        piece = UnsafeRawBufferPointer(rebasing: output[..<filled])
        return filled >= count
    }

    /// Hands the piece to a reader that drops from it what it has used.
    func use<Result>(_ body: (inout UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let before = piece.count
        defer { offset += Int64(before - piece.count) }
        return try body(&piece)
    }

    /// So many bytes, in pieces; throws when the stream ends before.
    func pass(_ count: Int64, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        var rest = count
        while rest > 0 {
            guard try refill() else { throw ArchiveError(.truncated, format, at: offset) }
            let part = UnsafeRawBufferPointer(rebasing: piece.prefix(Int(min(rest, Int64(piece.count)))))
            try body(part)
            drop(part.count)
            rest -= Int64(part.count)
        }
    }

    /// All that is left of the stream, which must be whole.
    func passRest() throws {
        repeat { drop(piece.count) } while try refill()
    }

    /// So many bytes at once, at most 256 KiB.
    func bytes(_ count: Int) throws -> [UInt8] {
        guard try fill(atLeast: count) else { throw ArchiveError(.truncated, format, at: offset) }
        defer { drop(count) }
        return Array(piece.prefix(count))
    }

    private func drop(_ count: Int) {
        piece = UnsafeRawBufferPointer(rebasing: piece.dropFirst(count))
        offset += Int64(count)
    }
}

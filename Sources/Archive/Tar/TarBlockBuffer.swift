/// Makes whole blocks of pieces: a block that lies in one piece is used where it is, one that is cut is put together.
struct TarBlockBuffer: ~Copyable {
    private let storage: UnsafeMutableRawBufferPointer
    private var count = 0

    init() {
        storage = .allocate(byteCount: TarHeaderBlock.size, alignment: 16)
    }

    deinit {
        storage.deallocate()
    }

    var isEmpty: Bool { count == 0 }

    /// The next block, valid until the next call and as long as the input; nil when the input is used up before.
    mutating func take(_ input: inout UnsafeRawBufferPointer, _ offset: inout Int64) -> UnsafeRawBufferPointer? {
        let missing = storage.count - count
        let piece = UnsafeRawBufferPointer(rebasing: input.prefix(missing))
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(piece.count))
        offset += Int64(piece.count)
        if piece.count == storage.count { return piece }
        UnsafeMutableRawBufferPointer(rebasing: storage[count..<(count + piece.count)]).copyMemory(from: piece)
        count += piece.count
        guard count == storage.count else { return nil }
        count = 0
        return UnsafeRawBufferPointer(storage)
    }
}

/// How far an entry's content is: what the archive still stores of it, and where the next hole is.
struct TarContent {
    /// Stored bytes still to come.
    private(set) var stored: Int64 = 0
    /// Bytes between the content's end and the next block.
    private(set) var padding: Int64 = 0
    private var position: Int64 = 0
    private var size: Int64 = 0
    private var extents: [SparseExtent]?
    private var current = 0

    init() {}

    init(_ entry: TarEntry) {
        stored = entry.storedSize

        let block = Int64(TarHeaderBlock.size)
        padding = (block - entry.storedSize % block) % block
        size = entry.size
        extents = entry.extents
    }

    var isComplete: Bool { stored == 0 && (extents == nil || position == size) }

    /// The next piece or hole; nil when the input is used up or the content complete.
    mutating func next(_ input: inout UnsafeRawBufferPointer, _ offset: inout Int64) -> TarEvent? {
        guard let extents else { return take(stored, from: &input, &offset) }
        while current < extents.count, position == extents[current].offset + extents[current].count { current += 1 }
        let start = current < extents.count ? extents[current].offset : size
        if position < start {
            defer { position = start }
            return .hole(start - position)
        }
        guard current < extents.count else { return nil }
        return take(start + extents[current].count - position, from: &input, &offset)
    }

    private mutating func take(
        _ limit: Int64,
        from input: inout UnsafeRawBufferPointer,
        _ offset: inout Int64
    ) -> TarEvent? {
        let count = Int(min(limit, Int64(input.count)))
        guard count > 0 else { return nil }
        let piece = UnsafeRawBufferPointer(rebasing: input.prefix(count))
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(count))
        offset += Int64(count)
        stored -= Int64(count)
        position += Int64(count)
        return .content(piece)
    }

    /// Drops the padding from the input; true when it is all gone.
    mutating func skipPadding(_ input: inout UnsafeRawBufferPointer, _ offset: inout Int64) -> Bool {
        let count = Int(min(padding, Int64(input.count)))
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(count))
        offset += Int64(count)
        padding -= Int64(count)
        return padding == 0
    }
}

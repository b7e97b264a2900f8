/// The body of a header that describes the entry after it.
struct TarExtension {
    /// Which header, by type flag.
    enum Kind: UInt8 {
        /// `x`: PAX records for the next entry.
        case pax = 0x78
        /// `g`: PAX records for all further entries.
        case global = 0x67
        /// `L`: the next entry's path.
        case longName = 0x4C
        /// `K`: the next entry's link target.
        case longLink = 0x4B
    }

    let kind: Kind
    let offset: Int64
    private(set) var bytes: [UInt8] = []
    private let size: Int
    private var padding: Int

    init(kind: Kind, size: Int, offset: Int64) {
        self.kind = kind
        self.size = size
        self.offset = offset
        padding = (TarHeaderBlock.size - size % TarHeaderBlock.size) % TarHeaderBlock.size
    }

    /// Takes body and padding from the input; true when both are complete.
    mutating func take(_ input: inout UnsafeRawBufferPointer, _ offset: inout Int64) -> Bool {
        let piece = input.prefix(size - bytes.count)
        bytes.append(contentsOf: piece)
        let skipped = bytes.count == size ? min(padding, input.count - piece.count) : 0
        padding -= skipped
        offset += Int64(piece.count + skipped)
        input = UnsafeRawBufferPointer(rebasing: input.dropFirst(piece.count + skipped))
        return bytes.count == size && padding == 0
    }
}

/// What extended headers have said of the next entry.
struct TarOverlay {
    /// Where the entry's first header starts; nil between entries.
    var start: Int64?
    var records = PAXRecords()
    var longName: [UInt8]?
    var longLink: [UInt8]?
    /// What readers take in different ways of the headers so far.
    var oddities: TarOddities = []
    /// Records that hold for all entries.
    var global = PAXRecords()

    /// Forgets what held for one entry.
    mutating func reset() {
        start = nil
        oddities = []
        records = PAXRecords()
        longName = nil
        longLink = nil
    }
}

/// The entries of a bundle (C2SP tlog-tiles, "Log Entries"): each with its length before it, in two bytes.
package struct EntryBundle: Sendable {
    /// The bytes, with what stands behind the last whole entry.
    package let bytes: [UInt8]
    private var ends: [Int] = []

    /// No bundle is longer.
    package static let sizeLimit = Tile.width * (2 + Int(UInt16.max))

    /// Finds the whole entries in some bytes: at most as many as a bundle has.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var position = 0
        while ends.count < Tile.width, position + 2 <= bytes.count {
            let end = position + 2 + Int(bytes[position]) << 8 + Int(bytes[position + 1])
            guard end <= bytes.count else { break }
            ends.append(end)
            position = end
        }
    }

    /// How many whole entries there are.
    package var count: Int { ends.count }

    /// How many bytes the first entries take.
    package func size(of count: Int) -> Int { count == 0 ? 0 : ends[count - 1] }

    /// An entry, without its length.
    package func entry(_ number: Int) -> ArraySlice<UInt8> { bytes[size(of: number) + 2..<ends[number]] }
}

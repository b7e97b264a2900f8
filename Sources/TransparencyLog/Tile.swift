/// A piece of the tree: 256 hashes of one level, or the entries of 256 leaves (C2SP tlog-tiles 0.1.0).
package struct Tile: Sendable, Hashable {
    /// How many hashes a whole tile has, and how many levels of the tree lie between two levels of tiles.
    package static let width = 256
    package static let height = 8

    /// 0 for tiles of leaves' hashes.
    package let level: Int
    /// Its place in the level.
    package let index: Int64
    /// How many hashes it has: fewer than ``width`` at the end of the level.
    package let count: Int

    /// A tile.
    package init(level: Int, index: Int64, count: Int = Tile.width) {
        self.level = level
        self.index = index
        self.count = count
    }

    /// The path of its hashes, `tile/0/x001/234.p/5`.
    package var path: String { "tile/\(level)/\(Self.words(index))\(suffix)" }

    /// The path of the entries under a tile of level 0.
    package var entriesPath: String { "tile/entries/\(Self.words(index))\(suffix)" }

    private var suffix: String { count == Self.width ? "" : ".p/\(count)" }

    // Groups of three digits, of which all but the last have an x before them.
    private static func words(_ index: Int64) -> String {
        var groups: [String] = []
        var rest = index
        repeat {
            let digits = String(rest % 1000)
            let group = String(repeating: "0", count: 3 - digits.count) + digits
            groups.append(groups.isEmpty ? group : "x" + group)
            rest /= 1000
        } while rest > 0
        return groups.reversed().joined(separator: "/")
    }

    /// The tiles of a tree of some size, level by level.
    package static func all(of size: Int64) -> [Tile] {
        var tiles: [Tile] = []
        var (level, count) = (0, size)
        while count > 0 {
            for index in 0..<count / Int64(width) { tiles.append(Tile(level: level, index: index)) }
            let rest = Int(count % Int64(width))
            if rest > 0 { tiles.append(Tile(level: level, index: count / Int64(width), count: rest)) }
            (level, count) = (level + 1, count / Int64(width))
        }
        return tiles
    }

    /// Entries one after the other, each with its length before it in two bytes; nil for one that is longer than that.
    package static func entries(_ entries: [[UInt8]]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for entry in entries {
            guard let count = UInt16(exactly: entry.count) else { return nil }
            bytes += [UInt8(count >> 8), UInt8(count & 0xFF)] + entry
        }
        return bytes
    }
}

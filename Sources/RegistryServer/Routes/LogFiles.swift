import ArtifactStore
import ContentAddress
import NIOHTTP1
import Printable
import TransparencyLog

/// The log as static files under `/log/`, which any client of such logs reads (C2SP tlog-tiles): the checkpoint that was
/// signed last, tiles, and bundles of entries.
struct LogFiles: Sendable {
    let store: Store

    /// Whether a target is one of these files; `/log` and `/log/NUMBER` are pages.
    static func has(_ segments: [String]) -> Bool {
        segments.count > 1 && segments[0] == "log" && (segments[1] == "checkpoint" || segments[1] == "tile")
    }

    /// The answer to GET.
    ///
    /// Throws ``APIProblem`` for a file that isn't there.
    func answer(_ segments: [String]) throws -> Answer {
        if segments[1] == "checkpoint" {
            guard segments.count == 2, let signed = try store.signedCheckpoints().last else {
                throw APIProblem.unknown("no checkpoint was signed: `bindery log checkpoint` signs one")
            }
            return Answer(.ok, site: "text/plain; charset=utf-8", signed.note, [("Cache-Control", "no-cache")])
        }
        let path = segments.dropFirst().joined(separator: "/")
        guard let (tile, isEntries) = Self.tile(path), try isThere(tile) else {
            throw APIProblem.unknown("the log has no \(path, limit: 100)")
        }
        let (hashes, entries) = try store.logTile(tile)
        let bytes = isEntries ? entries.flatMap(Tile.entries) : hashes.flatMap(\.bytes)
        guard let bytes else { throw APIProblem.unknown("the log's entries are too long for \(path, limit: 100)") }
        // What is named by how much it has never changes.
        return Answer(
            .ok,
            site: "application/octet-stream",
            bytes,
            [("Cache-Control", "public, max-age=31536000, immutable")]
        )
    }

    private func isThere(_ tile: Tile) throws -> Bool {
        var size = try store.logHead().size
        for _ in 0..<tile.level { size /= Int64(Tile.width) }
        let (start, isTooFar) = tile.index.multipliedReportingOverflow(by: Int64(Tile.width))
        return !isTooFar && start <= size - Int64(tile.count)
    }

    /// The tile of a path, and whether it is its entries; nil for a path that no tile has.
    static func tile(_ path: String) -> (Tile, isEntries: Bool)? {
        var words = path.split(separator: "/", omittingEmptySubsequences: false)[...]
        guard words.popFirst() == "tile", let first = words.popFirst() else { return nil }
        guard let level = first == "entries" ? 0 : Int(first), (0..<64).contains(level) else { return nil }
        var count = Tile.width
        if words.count > 1, words[words.endIndex - 2].hasSuffix(".p") {
            guard let width = words.popLast().flatMap({ Int($0) }), (1..<Tile.width).contains(width),
                let last = words.popLast()
            else { return nil }
            count = width
            words.append(last.dropLast(2))
        }
        // No log has more groups of digits.
        guard (1...6).contains(words.count) else { return nil }
        var index: Int64 = 0
        for word in words {
            guard let group = Int64(word.drop { $0 == "x" }), (0..<1000).contains(group) else { return nil }
            index = index * 1000 + group
        }
        let tile = Tile(level: level, index: index, count: count)
        // What is written in another way than ours isn't one.
        return (first == "entries" ? tile.entriesPath : tile.path) == path ? (tile, first == "entries") : nil
    }
}

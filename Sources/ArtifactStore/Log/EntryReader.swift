import Glibc
import SystemIO
import TransparencyLog

/// Reads the entries outside of the index, one bundle at a time, in their order.
struct EntryReader {
    private let paths: StorePaths
    private var bundle = EntryBundle([])
    private var index: Int64 = -1
    private var hasFault = false

    /// Nil for a store that has none: no program that writes them has changed it yet.
    init?(_ paths: StorePaths) {
        guard (try? FileStatus.ofLink(paths.logOrigin)) != nil else { return nil }
        self.paths = paths
    }

    /// An entry by its place; nil where there is none.
    mutating func entry(_ place: Int64) throws(SystemError) -> [UInt8]? {
        let width = Int64(Tile.width)
        if place / width != index {
            index = place / width
            bundle = EntryBundle(try read(index))
        }
        let number = Int(place % width)
        return number < bundle.count ? Array(bundle.entry(number)) : nil
    }

    /// What is wrong with an entry; of several behind each other that are wrong, the first alone.
    mutating func fault(of leaf: [UInt8], at place: Int64) throws(SystemError) -> String? {
        let entry = try entry(place)
        guard entry != leaf else {
            hasFault = false
            return nil
        }
        defer { hasFault = true }
        guard !hasFault else { return nil }
        return entry == nil
            ? "the entry of event \(place + 1) outside of the index is missing"
            : "the entry of event \(place + 1) outside of the index is another one"
    }

    private func read(_ index: Int64) throws(SystemError) -> [UInt8] {
        // It may get its name between the two.
        for path in [paths.entries(index), paths.growingEntries(index), paths.entries(index)] {
            do {
                return try File.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).readBytes(limit: EntryBundle.sizeLimit)
            } catch {
                guard error.isNotFound else { throw error }
            }
        }
        return []
    }
}

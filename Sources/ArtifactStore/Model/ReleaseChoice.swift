import OCI
import Release

/// A choice of one version for each name so that every file is of one of the chosen releases.
struct ReleaseChoice {
    /// The choice; nil when there is none, or none was found with the effort that it is worth.
    private(set) var choice: [RepositoryName: Version]?
    private let files: [Set<ReleaseKey>]
    private let preferred: Set<ReleaseKey>
    private var effort = 0

    /// So many files are looked at: choices that need more are of stores that nobody has.
    private static let largestEffort = 1_000_000

    /// Searches a choice for files, each given by the releases that it may be of.
    init(_ files: [Set<ReleaseKey>], preferred: Set<ReleaseKey>) {
        // The same order whatever the sets' own is: what is said of an image doesn't vary.
        self.files = files.map { ($0, $0.map(\.description).sorted()) }.sorted { $0.1.lexicographicallyPrecedes($1.1) }
            .map(\.0)
        self.preferred = preferred
        var chosen: [RepositoryName: Version] = [:]
        if search(&chosen) { choice = chosen }
    }

    private mutating func search(_ chosen: inout [RepositoryName: Version]) -> Bool {
        guard let next = narrowest(chosen) else { return true }
        for release in next {
            guard effort < Self.largestEffort else { return false }
            chosen[release.name] = release.version
            if search(&chosen) { return true }
            chosen[release.name] = nil
        }
        return false
    }

    // What the file may still be that has the fewest ways left; nil when all files are explained.
    private mutating func narrowest(_ chosen: [RepositoryName: Version]) -> [ReleaseKey]? {
        var least: [ReleaseKey]?
        for file in files {
            effort += 1
            guard !file.contains(where: { chosen[$0.name] == $0.version }) else { continue }
            let ways = file.filter { chosen[$0.name] == nil }
            if ways.count < least?.count ?? .max { least = ordered(ways) }
            if ways.count < 2 { break }
        }
        return least
    }

    private func ordered(_ releases: Set<ReleaseKey>) -> [ReleaseKey] {
        let all = releases.inOrder()
        return all.filter(preferred.contains) + all.filter { !preferred.contains($0) }
    }
}

/// Findings as they are found, of which each kind is listed so often at the most: what is beyond that is counted, so that
/// an image of nothing but findings takes no more memory than another one.
///
/// What decides is decided by the first of a kind. One that speaks of the rest has no path, so that a policy's exception
/// for paths doesn't fit it.
struct FindingList {
    private var listed: [Finding]
    private var counts: [FindingCode: Int] = [:]

    /// So many of a kind are listed.
    static let largestCount = 1000

    /// Begins with findings that have a limit of their own.
    init(_ findings: [Finding] = []) {
        listed = findings
    }

    mutating func add(_ code: FindingCode, _ finding: @autoclosure () throws -> Finding) rethrows {
        let count = counts[code, default: 0] + 1
        counts[code] = count
        if count <= Self.largestCount { listed.append(try finding()) }
    }

    mutating func add(_ finding: Finding) { add(finding.code, finding) }

    mutating func add(_ findings: some Sequence<Finding>) {
        for finding in findings { add(finding) }
    }

    /// Adds another list, with what it only counted.
    mutating func add(_ other: FindingList) {
        add(other.listed)
        for (code, count) in other.counts where count > Self.largestCount {
            counts[code, default: 0] += count - Self.largestCount
        }
    }

    /// Those that are listed, and one for each kind that there is more of.
    var all: [Finding] {
        listed
            + counts.filter { $0.value > Self.largestCount }.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                code,
                count in
                let rest = count - Self.largestCount
                return Finding(code, "\(rest) more like the \(Self.largestCount) that are listed", found: "\(rest)")
            }
    }
}

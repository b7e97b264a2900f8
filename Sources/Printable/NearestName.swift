/// Finds what somebody meant to type.
package enum NearestName {
    /// The name that is nearest to `word`, counting inserted, deleted, changed and swapped letters, whatever their
    /// case; nil when even the nearest has more than a third of its letters wrong.
    package static func of(_ word: String, in names: [String]) -> String? {
        let candidates = names.map { (name: $0, distance: distance(word.lowercased(), $0.lowercased())) }
        guard let best = candidates.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
        return best.distance <= max(1, best.name.count / 3) ? best.name : nil
    }

    /// The optimal string alignment distance.
    static func distance(_ left: String, _ right: String) -> Int {
        // A key longer than this is nobody's misspelling, and the table is quadratic.
        let left = Array(left.unicodeScalars.prefix(64))
        let right = Array(right.unicodeScalars.prefix(64))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let change = last[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(change, last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

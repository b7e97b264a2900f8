/// What keeps an image from a verdict on its files.
///
/// Each gate of the audit (documents, containers, layers, limits) sets its doubts itself: the list of findings is for
/// people, is capped, and decides nothing here (docs/findings.md, "Verdicts").
package struct Doubt: OptionSet, Hashable, Sendable, Codable {
    /// The doubts as bits; recorded with the audit, so that a bit keeps its meaning.
    package let rawValue: Int

    /// Doubts from their bits.
    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// A digest, a size or a format is wrong: there is no verdict.
    package static let damaged = Doubt(rawValue: 1)
    /// Engines or tools in use read the bytes in different ways.
    package static let ambiguous = Doubt(rawValue: 2)
    /// Something that an engine would use was not looked at.
    package static let incomplete = Doubt(rawValue: 4)

    /// What a verdict becomes with these doubts; nil for an image that is damaged.
    func verdict(_ verdict: @autoclosure () throws -> Verdict?) rethrows -> Verdict? {
        if contains(.damaged) { return nil }
        if contains(.ambiguous) { return .ambiguous }
        if contains(.incomplete) { return .incomplete }
        return try verdict()
    }
}

extension [Finding] {
    /// The doubts that the findings stand for.
    var doubts: Doubt { reduce(into: []) { $0.formUnion($1.code.doubt) } }
}

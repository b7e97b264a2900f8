/// The sum of an audit (docs/findings.md, "Verdicts").
package enum Verdict: String, Sendable, Codable, CaseIterable {
    /// Beside an untouched, known base there are released files only, all of one consistent release for each name.
    case exact
    /// Every expected release file is there and effective, and there are further files.
    case contains
    /// A file stands where a released one should, with other bytes, platform or release; or the image leads to an
    /// altered copy of a released file.
    case mismatch
    /// Nothing in it is a release of this store.
    case unknown
    /// The bytes are as their digests say, and engines or tools in use read them in different ways.
    case ambiguous
    /// Something that an engine would use was not looked at.
    case incomplete

    /// Whether an image with this verdict may pass: `exact`, or `contains` where that is enough.
    package func isAcceptable(exact: Bool) -> Bool {
        self == .exact || (self == .contains && !exact)
    }
}

/// The sum of an audit (docs/findings.md, "Verdicts").
public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// Beside an untouched, known base there are released files only, all of one consistent release for each name.
    case exact
    /// Every expected release file is there and effective, and there are further files.
    case contains
    /// A file stands where a released one should, with other bytes, platform or release; or the image leads to an
    /// altered copy of a released file.
    case mismatch
    /// Nothing in it is a release of this store.
    case unknown
}

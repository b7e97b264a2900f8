/// Where files are put.
package enum PutTarget: Sendable, Hashable {
    /// Into a release, for ever.
    case release
    /// Into the draft of a release, where files may change until it is sealed; `replaces` lets them.
    case draft(replaces: Bool)
}

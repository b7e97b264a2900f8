/// How one check of a mount went.
struct CheckResult: Equatable, Sendable {
    /// Why it failed; nil when it passed.
    let failure: String?
    /// From its start to its end or its time-out.
    let duration: GoDuration

    var passed: Bool { failure == nil }
}

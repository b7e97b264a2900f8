/// A mount at one moment, for those who report on it.
struct MountSnapshot: Equatable, Sendable {
    let mount: MountConfiguration
    let state: MountState
    /// Since when a read hangs; nil when none does.
    let hungSince: WallTime?
    /// Failures since the program started.
    let failures: UInt64
    let durations: DurationHistogram
}

/// The two clocks as a value, so that a test turns their hands.
struct Clock: Sendable {
    /// Runs forward only.
    var instant: @Sendable () -> Instant
    /// The calendar, which an administrator may set back.
    var wall: @Sendable () -> WallTime

    /// The machine's clocks.
    static let system = Clock(instant: { OperatingSystem.instant() }, wall: { OperatingSystem.wallTime() })
}

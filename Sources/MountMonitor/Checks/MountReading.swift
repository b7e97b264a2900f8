/// Makes a mount's blocking calls somewhere where they may hang.
protocol MountReading: Sendable {
    /// Makes the calls, and calls `completion` once with why the mount failed, or nil.
    ///
    /// Never blocks itself.
    ///
    /// It is not called again before the last call's completion.
    func read(_ completion: @escaping @Sendable (_ failure: String?) -> Void)

    /// There will be no more reads; one that hangs is abandoned.
    func stop()
}

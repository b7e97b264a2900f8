/// Writes a file to a mount now and then: shares can be read that store nothing any more.
///
/// Belongs to the thread of the mount's checks.
struct WriteCheck {
    /// How the file's name begins.
    static let prefix = ".mount-monitor-"

    private let file: String
    private let interval: GoDuration
    private let clock: Clock
    private var lastSuccess: Instant?

    /// Writes to `directory` each `interval`, a file of a name that nobody else uses.
    init(directory: String, name: String, interval: GoDuration, clock: Clock = .system) {
        file = GoPath.join(directory, name)
        self.interval = interval
        self.clock = clock
    }

    /// Writes when it is time for it, the first time at once, and after a failure at each check until it works again:
    /// a check that only reads doesn't make it good.
    ///
    /// Blocks like `MountCheck.run`.
    mutating func run() throws(MountCheckFailure) {
        let now = clock.instant()
        if let lastSuccess, now - lastSuccess < interval { return }
        lastSuccess = nil
        try MountCheckFailure.wrap {
            // What an earlier check left behind that ended in between.
            try OperatingSystem.remove(path: file)
            do {
                try OperatingSystem.create(path: file, Array("mount-monitor\n".utf8))
            } catch {
                try? OperatingSystem.remove(path: file)
                throw error
            }
            try OperatingSystem.remove(path: file)
        }
        lastSuccess = now
    }
}

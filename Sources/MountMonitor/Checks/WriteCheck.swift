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

    /// Writes to `directory` each `interval`, under a name that no other pod uses.
    init(directory: String, owner: String, interval: GoDuration, clock: Clock = .system) {
        file = GoPath.join(directory, WriteCheck.prefix + owner)
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

    /// What a pod's files are named by: its UID where the manifest sets POD_UID, else its name, else the machine's.
    static func owner(_ environment: (String) -> String?) -> String {
        let name = environment("POD_UID") ?? environment("POD_NAME") ?? OperatingSystem.hostName
        let safe = name.unicodeScalars.filter {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "-" || $0 == "."
        }
        return String(String.UnicodeScalarView(safe.prefix(100)))
    }
}

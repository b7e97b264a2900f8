/// The threads of a run beside the main thread, which are tried before they are needed: some parts of this program can't
/// be told that there is none.
struct ThreadNeeds {
    /// For connections; an init container has one for timers.
    static let connectionLoops = 2
    /// Beside them, log, the account's files, the configuration's file.
    private static let workers = connectionLoops + 3
    /// The thread that waits for signals.
    private static let own = 1

    private let mounts: Int

    init(_ configuration: Configuration) { mounts = configuration.mounts.count }

    /// What to say where they can't be started; nil where they can.
    ///
    /// On the thread that waits for signals, which is there already.
    var refusal: String? {
        OperatingSystem.refusal(ofThreads: mounts + ThreadNeeds.workers).map(message)
    }

    func message(_ reason: String) -> String {
        let others = ThreadNeeds.workers + ThreadNeeds.own
        return "\(mounts + others) threads are needed, one for each mount and \(others); no thread: \(reason)"
    }
}

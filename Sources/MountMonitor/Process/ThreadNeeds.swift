/// The threads of a run, which are tried before they are needed: some parts of this program can't be told that there is
/// none.
struct ThreadNeeds {
    /// For timers and connections.
    static let eventLoops = 2
    /// Log, the account's files, the configuration's file.
    private static let workers = 3

    let mounts: Int

    var all: Int { mounts + ThreadNeeds.eventLoops + ThreadNeeds.workers }

    /// What to say where so many of them can't be started; nil where they can.
    func refusal(of count: Int) -> String? {
        guard let reason = OperatingSystem.refusal(ofThreads: count) else { return nil }
        return "\(all) threads are needed, one for each mount and \(all - mounts); no thread: \(reason)"
    }
}

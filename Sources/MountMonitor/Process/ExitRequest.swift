import Synchronization

/// How another thread asks the main thread to end the process.
final class ExitRequest: Sendable {
    private let requested = Mutex<Int32?>(nil)

    /// The status that was asked for; nil when nobody has.
    var status: Int32? { requested.withLock { $0 } }

    /// Asks for the end and wakes the main thread.
    func request(_ status: Int32) {
        requested.withLock { $0 = $0 ?? status }
        OperatingSystem.wakeMainThread()
    }
}

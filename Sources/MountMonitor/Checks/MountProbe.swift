import NIOCore
import Synchronization

/// Makes the checks of one mount: brings its round, its reader's thread and the time-out together.
///
/// All but the blocking calls happens on the event loop, so no round waits for another mount's.
final class MountProbe: Sendable {
    private let round: Mutex<CheckRound>
    private let reader: any MountReading
    private let loop: any EventLoop
    private let clock: Clock

    init(reader: any MountReading, readTimeout: GoDuration, loop: any EventLoop, clock: Clock) {
        round = Mutex(CheckRound(readTimeout: readTimeout))
        self.reader = reader
        self.loop = loop
        self.clock = clock
    }

    /// Since when a read hangs that went over its time; nil when none does.
    var hungSince: WallTime? { round.withLock { $0.hungSince } }

    /// Makes one check: the result comes at the read time-out at the latest.
    ///
    /// It never fails; nil when the last check still waits for its result.
    func check() -> EventLoopFuture<CheckResult>? {
        switch round.withLock({ $0.begin(at: clock.instant(), clock.wall()) }) {
        case .skip: return nil
        case .result(let result): return loop.makeSucceededFuture(result)
        case .read: break
        }
        let promise = loop.makePromise(of: CheckResult.self)
        let timeout = round.withLock { $0.readTimeout }
        let timer = loop.scheduleTask(in: .nanoseconds(timeout.nanoseconds)) { [self] in
            if let result = round.withLock({ $0.timeOut(at: clock.instant()) }) { promise.succeed(result) }
        }
        reader.read { [self] failure in
            // On the reader's thread: the time is taken here, not when the loop gets to it.
            guard let result = round.withLock({ $0.finish(failure: failure, at: clock.instant()) }) else { return }
            timer.cancel()
            promise.succeed(result)
        }
        return promise.futureResult
    }

    /// Another time-out, from the next round on.
    func update(readTimeout: GoDuration) { round.withLock { $0.readTimeout = readTimeout } }

    /// Lets the reader's thread end, once it comes back from what it hangs in.
    func stop() { reader.stop() }
}

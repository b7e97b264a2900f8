import NIOCore
import NIOEmbedded
import Synchronization

@testable import MountMonitor

/// A clock whose hands a test turns, together with the timers of an event loop that stands still in between.
final class TestClock: Sendable {
    /// 2026-01-01T00:00:00Z.
    static let start: Int64 = 1_767_225_600

    let loop = EmbeddedEventLoop()
    private let passed = Mutex<Int64>(0)

    var clock: Clock {
        Clock(
            instant: { [self] in Instant(nanoseconds: passed.withLock { $0 }) },
            wall: { [self] in
                let passed = passed.withLock { $0 }
                return WallTime(seconds: TestClock.start + passed / 1_000_000_000, nanoseconds: passed % 1_000_000_000)
            }
        )
    }

    /// Lets time pass in steps of a hundredth of it, a second at most, and runs what becomes due.
    func advance(_ duration: GoDuration) {
        var left = duration.nanoseconds
        let longest = max(1, min(left / 100, 1_000_000_000))
        while left > 0 {
            let step = min(left, longest)
            passed.withLock { $0 += step }
            loop.advanceTime(by: .nanoseconds(step))
            left -= step
        }
        loop.run()
    }
}

import Synchronization
import Testing

@testable import MountMonitor

@Suite struct WorkerThreadTests {
    @Test func makesJobsInOrder() {
        let thread = WorkerThread()
        let seen = Numbers()
        for number in 0..<1000 { #expect(thread.submit { seen.list.withLock { $0.append(number) } } == nil) }
        for _ in 0..<60_000 where seen.list.withLock({ $0.count }) < 1000 { OperatingSystem.sleep(.milliseconds(10)) }
        #expect(seen.list.withLock { $0 } == Array(0..<1000))
    }

    @Test func stoppedItTakesNoMoreAndLeavesOutTheRest() {
        let thread = WorkerThread()
        let hold = Holder()
        _ = thread.submit { while hold.isBlocked.withLock({ $0 }) { OperatingSystem.sleep(.milliseconds(1)) } }
        _ = thread.submit { hold.later.withLock { $0 += 1 } }
        thread.stop()
        #expect(thread.submit {} != nil)
        hold.isBlocked.withLock { $0 = false }
        OperatingSystem.sleep(.milliseconds(50))
        #expect(hold.later.withLock { $0 } == 0)
    }

    private final class Numbers: Sendable {
        let list = Mutex<[Int]>([])
    }

    private final class Holder: Sendable {
        let isBlocked = Mutex(true)
        let later = Mutex(0)
    }

    @Test func manyThreadsMayBeAskedFor() { #expect(OperatingSystem.refusal(ofThreads: 100) == nil) }
}

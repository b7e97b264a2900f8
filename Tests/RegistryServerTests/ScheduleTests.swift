import Dispatch
import OCI
import Printable
import Synchronization
import Testing

@testable import RegistryServer

/// What a server does by itself, and when.
struct ScheduleTests {
    private struct Failed: Error {}

    /// The time of a schedule, which a test sets, and what was done.
    private final class Log: Sendable {
        private let time = Mutex<Int64>(1_000_000)
        private let done = Mutex<[String]>([])
        private let texts = Mutex<[String]>([])
        private let isDone = DispatchSemaphore(value: 0)
        private let looks = DispatchSemaphore(value: 0)

        var now: Timestamp { Timestamp(milliseconds: time.withLock(\.self)) }
        var runs: [String] { done.withLock(\.self) }
        var lines: [String] { texts.withLock(\.self) }

        func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }

        func schedule(_ tasks: [Schedule.Task]) -> Schedule {
            Schedule(tasks, pause: 1, now: { self.now }) { line in
                self.texts.withLock { $0.append(line.text.text) }
                self.isDone.signal()
            }
        }

        func task(
            _ name: String,
            every milliseconds: Int64 = 60_000,
            last: @escaping @Sendable () -> Int64? = { nil }
        ) -> Schedule.Task {
            Schedule.Task(
                name: name,
                every: milliseconds,
                last: {
                    self.looks.signal()
                    return last().map { Timestamp(milliseconds: $0) }
                },
                run: {
                    self.done.withLock { $0.append(name) }
                    if name == "failing" { throw Failed() }
                    return "done"
                }
            )
        }

        /// Waits for so many lines more.
        func wait(for count: Int = 1) {
            for _ in 0..<count { #expect(isDone.wait(timeout: .now() + .seconds(60)) == .success) }
        }

        /// Waits until the schedule has looked several times whether something is due.
        func waitForLooks() {
            while looks.wait(timeout: .now()) == .success {}
            for _ in 0..<6 { #expect(looks.wait(timeout: .now() + .seconds(60)) == .success) }
        }
    }

    @Test func `a task is done when it is due, by whomever it was done last`() {
        let log = Log()
        let schedule = log.schedule([
            log.task("never"), log.task("early") { 990_000 }, log.task("late") { 900_000 }, log.task("failing"),
        ])
        log.wait(for: 3)
        schedule.stop()
        #expect(log.runs == ["never", "late", "failing"])
        #expect(log.lines == ["never: done", "late: done", "failing: Failed()"])
    }

    @Test func `a task is done again when its time has come, and not before`() {
        let log = Log()
        let schedule = log.schedule([log.task("own")])
        log.wait()
        log.waitForLooks()
        log.pass(59_999)
        log.waitForLooks()
        #expect(log.runs.count == 1)
        log.pass(1)
        log.wait()
        log.waitForLooks()
        schedule.stop()
        #expect(log.runs.count == 2)
    }

    @Test func `what others have done meanwhile isn't done`() {
        let log = Log()
        let last = Mutex<Int64>(1_000_000)
        let schedule = log.schedule([log.task("shared") { last.withLock(\.self) }])
        log.pass(59_000)
        log.waitForLooks()
        last.withLock { $0 = 1_059_000 }
        log.waitForLooks()
        log.pass(59_000)
        log.waitForLooks()
        #expect(log.runs.isEmpty)
        log.pass(1000)
        log.wait()
        schedule.stop()
        #expect(log.runs == ["shared"])
    }

    @Test(arguments: [(60_000 as Int64, 60_000 as Int64), (604_800_000, 3_600_000)])
    func `what failed is done again after its time, or an hour`(period: Int64, delay: Int64) {
        let log = Log()
        let schedule = log.schedule([log.task("failing", every: period)])
        log.wait()
        log.waitForLooks()
        log.pass(delay - 1)
        log.waitForLooks()
        #expect(log.runs.count == 1)
        log.pass(1)
        log.wait()
        schedule.stop()
        #expect(log.runs.count == 2)
    }
}

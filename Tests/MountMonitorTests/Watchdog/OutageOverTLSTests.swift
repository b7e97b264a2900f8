import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import MountMonitor

/// `OutageTests`' property over real connections: an API server of another make behind TLS, real time, real pauses.
///
/// MOUNT_MONITOR_OUTAGES=all, as the nightly run has it, also takes outages of 3 and 60 seconds.
@Suite struct OutageOverTLSTests {
    enum Fault: String, CaseIterable, Sendable {
        case unauthorized, forbidden, conflict, throttled, unavailable, reset, lostAnswer, slow, notThere

        var answer: JSON {
            switch self {
            case .unauthorized: .object([.init("status", .integer(401))])
            case .forbidden: .object([.init("status", .integer(403))])
            case .conflict: .object([.init("status", .integer(409))])
            case .throttled: .object([.init("status", .integer(429)), .init("retry_after", .string("1"))])
            case .unavailable: .object([.init("status", .integer(503))])
            case .reset: .object([.init("mode", .string("reset"))])
            case .lostAnswer: .object([.init("mode", .string("reset")), .init("processed", .bool(true))])
            case .slow:
                .object([.init("status", .integer(200)), .init("delay", .number(3.5)), .init("mode", .string("cut"))])
            case .notThere: .null
            }
        }

        /// So that only an answer that is slow on purpose is too late, on a busy machine, too.
        var timeout: GoDuration { self == .slow ? .seconds(3) : .seconds(600) }
    }

    enum Moment: CaseIterable, Sendable {
        case start, trigger, betweenTries
    }

    static let lengths: [Double] =
        ProcessInfo.processInfo.environment["MOUNT_MONITOR_OUTAGES"] == "all" ? [0.3, 3, 60] : [0.3]

    @Test("once the outage ends, there is one deletion", arguments: Fault.allCases, Moment.allCases)
    func oneDeletion(fault: Fault, moment: Moment) throws {
        for length in OutageOverTLSTests.lengths { try run(fault, moment, length) }
    }

    private func run(_ fault: Fault, _ moment: Moment, _ length: Double) throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        defer { try? group.syncShutdownGracefully() }
        try withTemporaryDirectory { directory in
            let cluster = try FakeCluster(in: directory)
            defer { cluster.stop() }
            try cluster.write("cluster", "")
            let client = try cluster.client(group, timeout: fault.timeout)
            let logs = LogCollector()
            let watchdog = Watchdog(loop: group.next(), logger: logs.logger(.system)) { () throws(APIFailure) in client
            }
            defer { watchdog.stop() }
            var configuration = WatchdogConfiguration()
            configuration.enabled = true

            if moment == .start { try begin(fault, cluster) }
            watchdog.configure(configuration)
            if moment == .start { try end(fault, cluster, after: length) }
            try wait { watchdog.report.state == .armed }
            switch moment {
            case .start: kill(watchdog)
            case .trigger:
                try begin(fault, cluster)
                kill(watchdog)
                try end(fault, cluster, after: length)
            case .betweenTries:
                try cluster.fail(.object([.init("status", .integer(500))]))
                kill(watchdog)
                OperatingSystem.sleep(.milliseconds(200))
                try begin(fault, cluster)
                try end(fault, cluster, after: length)
            }
            try wait { cluster.deletions > 0 && watchdog.report.error == nil }
            OperatingSystem.sleep(.milliseconds(500))
            #expect(cluster.deletions == 1 && watchdog.report.state == .triggered)
        }
    }

    private func begin(_ fault: Fault, _ cluster: FakeCluster) throws {
        if fault == .notThere { cluster.stop() } else { try cluster.fail(fault.answer) }
    }

    private func end(_ fault: Fault, _ cluster: FakeCluster, after length: Double) throws {
        OperatingSystem.sleep(.nanoseconds(Int64(length * 1e9)))
        try cluster.fail(nil)
        if fault == .notThere { try cluster.start() }
    }

    private func kill(_ watchdog: Watchdog) {
        var state = MountState()
        let failure = CheckResult(failure: "x", duration: .zero)
        _ = state.record(failure, threshold: 1, at: OperatingSystem.instant(), OperatingSystem.wallTime())
        let mount = MountConfiguration(name: "films", path: "/films", canaryFile: "c", failureThreshold: 1)
        watchdog.mountChanged(mount, state, .init(previous: .degraded, new: .unhealthy, trigger: .checkFailed))
    }

    private struct TooLate: Error {}

    /// Ten minutes at most: a machine may be that busy.
    private func wait(until holds: () -> Bool) throws {
        for _ in 0..<30_000 {
            if holds() { return }
            OperatingSystem.sleep(.milliseconds(20))
        }
        throw TooLate()
    }
}

import Synchronization
import Testing

@testable import MountMonitor

/// The monitor with clock, timers and mounts in the test's hand.
@Suite struct MonitorTests {
    private final class Stage {
        let time = TestClock()
        let logs = LogCollector()
        let logger: Logger
        let mounts: [String: FakeMount]
        let monitor: Monitor
        var configuration = Configuration()

        init(_ names: [String], random: @escaping @Sendable () -> Double = { 0 }) {
            logger = logs.logger(time.clock)
            let mounts = Dictionary(uniqueKeysWithValues: names.map { ("/\($0)", FakeMount()) })
            self.mounts = mounts
            monitor = Monitor(
                MonitorSurroundings(loop: time.loop, clock: time.clock, logger: logger, random: random),
                makeReader: { mounts[$0.path] ?? FakeMount() }
            )
            configuration.checkInterval = .seconds(10)
            configuration.readTimeout = .seconds(1)
            configuration.mounts = names.map {
                MountConfiguration(name: $0, path: "/\($0)", canaryFile: "c", failureThreshold: 3)
            }
        }

        func status(_ position: Int = 0) -> MountStatus { monitor.snapshots[position].state.status }

        func messages() -> [String] {
            logger.flush(within: .seconds(600))
            return logs.messages
        }
    }

    @Test func theFirstCheckIsAtOnceAndTheNextAfterAnInterval() {
        let stage = Stage(["a"])
        stage.monitor.apply(stage.configuration)
        let mount = stage.mounts["/a"]
        #expect(stage.status() == .healthy)
        stage.time.advance(.milliseconds(9_998))
        #expect(mount?.started == 1)
        stage.time.advance(.milliseconds(4))
        #expect(mount?.started == 2)
        stage.monitor.stop()
    }

    @Test("rounds are up to a tenth of the interval early or late", arguments: [(-1.0, 9_000), (1.0, 11_000)])
    func jitter(random: Double, milliseconds: Int64) {
        let stage = Stage(["a"], random: { random })
        stage.monitor.apply(stage.configuration)
        stage.time.advance(.milliseconds(milliseconds - 5))
        #expect(stage.mounts["/a"]?.started == 1)
        stage.time.advance(.milliseconds(10))
        #expect(stage.mounts["/a"]?.started == 2)
        stage.monitor.stop()
    }

    @Test func aHungMountDelaysNoOther() throws {
        let stage = Stage(["a", "b", "c"])
        stage.mounts["/a"]?.turn(.hanging)
        stage.mounts["/b"]?.turn(.hanging)
        stage.monitor.apply(stage.configuration)
        #expect(stage.status(2) == .healthy)
        // One time-out, not the sum of two.
        stage.time.advance(.milliseconds(1_001))
        #expect(stage.status(0) == .degraded && stage.status(1) == .degraded)
        for mount in stage.mounts.values { mount.turn(.answering) }
        stage.monitor.stop()
    }

    @Test func aThousandRoundsOfAHungMountMakeOneRead() throws {
        let stage = Stage(["a"])
        stage.mounts["/a"]?.turn(.hanging)
        stage.monitor.apply(stage.configuration)
        for _ in 0..<1000 { stage.time.advance(.seconds(10)) }
        let snapshot = try #require(stage.monitor.snapshots.first)
        #expect(snapshot.state.status == .unhealthy)
        #expect((999...1001).contains(snapshot.state.failureCount))
        #expect(snapshot.hungSince == WallTime(seconds: TestClock.start))
        #expect(stage.mounts["/a"]?.started == 1)
        #expect(stage.mounts["/a"]?.mostInFlight == 1)

        stage.mounts["/a"]?.turn(.answering)
        #expect(stage.status() == .unhealthy, "what comes back late heals nothing")
        stage.time.advance(.seconds(10))
        #expect(stage.status() == .healthy, "the next round does")
        stage.monitor.stop()
    }

    @Test func logsEachFailureAndEachChange() throws {
        let stage = Stage(["a"])
        stage.mounts["/a"]?.turn(.failing("broken"))
        stage.monitor.apply(stage.configuration)
        for _ in 2...3 {
            stage.time.advance(.milliseconds(10_001))
        }
        stage.mounts["/a"]?.turn(.answering)
        stage.time.advance(.milliseconds(10_001))
        #expect(
            stage.messages() == [
                "health check failed", "mount state changed", "health check failed", "health check failed",
                "mount state changed", "health check passed", "mount state changed",
            ]
        )
        let failed = try #require(stage.logs.records.first)
        #expect(failed["level"] == .string("WARN"))
        #expect(failed["name"] == .string("a") && failed["path"] == .string("/a"))
        #expect(failed["success"] == .bool(false) && failed["error"] == .string("broken"))
        #expect(failed["status"] == .string("degraded") && failed["failure_count"] == .integer(1))
        let changed = try #require(stage.logs.records.last)
        #expect(changed["previous_state"] == .string("unhealthy") && changed["new_state"] == .string("healthy"))
        #expect(changed["trigger"] == .string("recovered"))
        stage.monitor.stop()
    }

    @Test func aNewConfigurationKeepsTheStateOfWhatStays() throws {
        let stage = Stage(["a", "b"])
        stage.mounts["/a"]?.turn(.failing("broken"))
        stage.monitor.apply(stage.configuration)
        var next = stage.configuration
        next.mounts = [
            MountConfiguration(name: "c", path: "/c", canaryFile: "c", failureThreshold: 3),
            stage.configuration.mounts[0],
        ]
        next.mounts[1].failureThreshold = 2
        let dropped = stage.monitor.apply(next)
        #expect(dropped.map(\.name) == ["b"])
        #expect(stage.monitor.snapshots.map(\.mount.name) == ["c", "a"])
        #expect(stage.status(1) == .degraded)
        stage.time.advance(.milliseconds(10_001))
        #expect(stage.status(1) == .unhealthy, "the new threshold holds")
        #expect(stage.mounts["/b"]?.isStopped == true)
        #expect(stage.mounts["/b"]?.started == 1, "a mount that is no longer named is let go")
        stage.monitor.stop()
    }

    @Test func anotherIntervalHoldsAtOnce() {
        let stage = Stage(["a"])
        stage.configuration.checkInterval = .seconds(3600)
        stage.monitor.apply(stage.configuration)
        stage.time.advance(.seconds(100))
        #expect(stage.mounts["/a"]?.started == 1)
        stage.configuration.checkInterval = .seconds(10)
        stage.monitor.apply(stage.configuration)
        stage.time.advance(.milliseconds(1))
        #expect(stage.mounts["/a"]?.started == 2, "the round of the new interval is due already")
        stage.configuration.checkInterval = .seconds(20)
        stage.monitor.apply(stage.configuration)
        stage.time.advance(.seconds(19))
        #expect(stage.mounts["/a"]?.started == 2)
        stage.time.advance(.seconds(2))
        #expect(stage.mounts["/a"]?.started == 3)
        stage.time.advance(.seconds(100))
        #expect(stage.mounts["/a"]?.started == 8, "and there is one round at a time")
        stage.monitor.stop()
    }

    @Test func anotherIntervalWhileAReadIsUnderWayHoldsAfterIt() {
        let stage = Stage(["a"])
        stage.mounts["/a"]?.turn(.hanging)
        stage.configuration.checkInterval = .seconds(3600)
        stage.monitor.apply(stage.configuration)
        stage.configuration.checkInterval = .seconds(10)
        stage.monitor.apply(stage.configuration)
        stage.mounts["/a"]?.turn(.answering)
        stage.time.advance(.seconds(45))
        #expect(stage.mounts["/a"]?.started == 5)
        stage.monitor.stop()
    }

    @Test func beforeItStartsEveryMountIsUnknown() {
        let stage = Stage(["a", "b"])
        stage.monitor.prepare(stage.configuration)
        #expect(stage.status(0) == .unknown && stage.status(1) == .unknown)
        #expect(stage.mounts["/a"]?.started == 0)
        stage.monitor.start()
        #expect(stage.status(0) == .healthy && stage.status(1) == .healthy)
        stage.monitor.stop()
    }

    @Test("a mount that stood twice is forgotten only where it isn't unhealthy", arguments: [1, 9])
    func twins(threshold: Int) {
        let stage = Stage(["a"])
        stage.mounts["/a"]?.turn(.failing("broken"))
        stage.configuration.mounts += stage.configuration.mounts
        for position in 0...1 { stage.configuration.mounts[position].failureThreshold = position == 0 ? 1 : threshold }
        stage.monitor.apply(stage.configuration)
        #expect(stage.status() == .unhealthy)
        // The one that was last is kept.
        stage.configuration.mounts.removeFirst()
        #expect(stage.monitor.apply(stage.configuration).count == (threshold == 1 ? 0 : 1))
        stage.monitor.stop()
    }

    @Test func anotherNameLosesNothing() {
        let stage = Stage(["a"])
        stage.mounts["/a"]?.turn(.failing("broken"))
        stage.monitor.apply(stage.configuration)
        stage.configuration.mounts[0].name = "b"
        #expect(stage.monitor.apply(stage.configuration).isEmpty)
        #expect(stage.status() == .degraded && stage.monitor.snapshots[0].mount.name == "b")
        #expect(stage.mounts["/a"]?.started == 1)
        stage.monitor.stop()
    }

    @Test func twoNamesOfOneMountStayWithTheirs() {
        let stage = Stage(["a"])
        stage.configuration.mounts += stage.configuration.mounts
        stage.configuration.mounts[1].name = "b"
        stage.configuration.mounts[1].failureThreshold = 1
        stage.mounts["/a"]?.turn(.failing("broken"))
        stage.monitor.apply(stage.configuration)
        stage.configuration.mounts.reverse()
        stage.monitor.apply(stage.configuration)
        #expect(stage.status(0) == .unhealthy && stage.status(1) == .degraded)
        stage.monitor.stop()
    }

    @Test func aMountThatIsWatchedTwiceInTheSameWayIsKeptTwiceAndLetGoTwice() {
        let stage = Stage(["a"])
        stage.configuration.mounts += stage.configuration.mounts
        stage.monitor.apply(stage.configuration)
        stage.monitor.apply(stage.configuration)
        #expect(stage.mounts["/a"]?.started == 2, "both are kept")
        stage.configuration.mounts.removeAll()
        #expect(stage.monitor.apply(stage.configuration).count == 2)
        stage.monitor.stop()
    }
}

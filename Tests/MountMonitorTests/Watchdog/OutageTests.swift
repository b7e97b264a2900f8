import Testing

@testable import MountMonitor

/// The property: whatever the outage, once it ends, a mount that stays dead ends in exactly one deletion.
@Suite struct OutageTests {
    private struct Run {
        let cluster: SimulatedCluster
        let state: WatchdogState
        let lines: Int
    }

    /// The mount dies after ten seconds and stays dead; times are in milliseconds.
    private func run(
        _ outages: [(start: Int64, length: Int64, fault: SimulatedCluster.Fault)],
        deniesLookUps: Bool = false,
        random: Double = 0.5
    ) -> Run {
        let time = TestClock()
        let logs = LogCollector()
        let logger = logs.logger(time.clock)
        let cluster = SimulatedCluster(
            time,
            outages.map {
                .init(start: $0.start * 1_000_000, end: ($0.start + $0.length) * 1_000_000, fault: $0.fault)
            },
            deniesLookUps: deniesLookUps
        )
        let watchdog = Watchdog(loop: time.loop, clock: time.clock, logger: logger, random: { random }) {
            () throws(APIFailure) in cluster
        }
        var configuration = WatchdogConfiguration()
        configuration.enabled = true
        watchdog.configure(configuration)
        time.advance(.seconds(10))
        var state = MountState()
        for _ in 0..<3 {
            let failure = CheckResult(failure: "x", duration: .zero)
            _ = state.record(failure, threshold: 3, at: time.clock.instant(), time.clock.wall())
        }
        let mount = MountConfiguration(name: "films", path: "/films", canaryFile: "c", failureThreshold: 3)
        watchdog.mountChanged(mount, state, .init(previous: .degraded, new: .unhealthy, trigger: .checkFailed))
        // In small steps, so that an outage of 0.3 s has its length.
        for _ in 0..<40 { time.advance(.seconds(1)) }
        let end = outages.map { $0.start + $0.length }.max() ?? 0
        // The longest pauses, and what may have begun before them.
        for _ in 0..<((end / 1000 + 700) / 10) { time.advance(.seconds(10)) }
        logger.flush(within: .seconds(600))
        return Run(cluster: cluster, state: watchdog.report.state, lines: logs.messages.count)
    }

    @Test(
        "one outage of each kind, at the start, at the trigger and between two tries",
        arguments: SimulatedCluster.Fault.allCases,
        [300, 3000, 60_000] as [Int64]
    )
    func oneOutage(fault: SimulatedCluster.Fault, length: Int64) {
        for start in [0, 9_900, 10_002, 10_007, 10_012, 10_050, 10_300] as [Int64] {
            let run = run([(start, length, fault)])
            #expect(run.cluster.deletions == 1, "from \(start) ms")
            #expect(run.cluster.events <= 1 && run.state == .triggered)
        }
    }

    @Test("any outages, one after the other", arguments: 0..<60)
    func manyOutages(seed: UInt64) {
        var random = SplitMix(seed)
        for _ in 0..<5 {
            var start: Int64 = random.below(2) == 0 ? 0 : 9_900 + random.below(500)
            let outages = (0..<(1 + random.below(6))).map { _ in
                defer { start += random.below(20_000) }
                let fault = SimulatedCluster.Fault.allCases[Int(random.below(10))]
                let length = [20, 300, 3000, 60_000][Int(random.below(4))]
                defer { start += Int64(length) }
                return (start, Int64(length), fault)
            }
            let run = run(outages, random: Double(random.below(101)) / 100)
            #expect(run.cluster.deletions == 1, "\(outages)")
            #expect(run.cluster.requests < 400 && run.lines < 400)
        }
    }

    @Test("where look-ups are denied", arguments: SimulatedCluster.Fault.allCases)
    func withoutLookUps(fault: SimulatedCluster.Fault) {
        #expect(run([(10_002, 60_000, fault)], deniesLookUps: true).cluster.deletions == 1)
    }

    @Test func anHourOfSilenceIsFewRequestsAndFewLines() {
        let run = run([(0, 3_600_000, .refused)])
        #expect(run.cluster.deletions == 1)
        #expect((60...82).contains(run.cluster.requests), "\(run.cluster.requests)")
        #expect(run.lines < 12, "\(run.lines)")
    }

    private struct SplitMix {
        private var state: UInt64

        init(_ seed: UInt64) { state = seed }

        mutating func below(_ bound: UInt64) -> Int64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int64((value ^ (value >> 31)) % bound)
        }
    }
}

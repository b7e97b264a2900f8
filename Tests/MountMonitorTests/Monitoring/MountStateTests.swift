import Testing

@testable import MountMonitor

@Suite struct MountStateTests {
    /// Checks one after the other (+ passed, - failed) and the status after each.
    @Test(
        "statuses follow from checks",
        arguments: [
            ("+", 3, "H"), ("---", 3, "DDU"), ("----", 3, "DDUU"), ("-", 1, "U"), ("+-", 1, "HU"),
            ("--+--", 3, "DDHDD"), ("+---+", 3, "HDDUH"), ("-+-+-+", 2, "DHDHDH"), ("-----+-", 5, "DDDDUHD"),
        ]
    )
    func statuses(checks: String, threshold: Int, expected: String) {
        var state = MountState()
        var seen = ""
        for check in checks {
            let result = CheckResult(failure: check == "+" ? nil : "no", duration: .zero)
            _ = state.record(result, threshold: threshold, at: Instant(nanoseconds: 0), WallTime(seconds: 0))
            seen += state.status.rawValue.prefix(1).uppercased()
        }
        #expect(seen == expected)
    }

    @Test(
        "each change says what made it",
        arguments: [
            ("+", .init(previous: .unknown, new: .healthy, trigger: .checkPassed)),
            ("-", .init(previous: .unknown, new: .degraded, trigger: .checkFailed)),
            ("++", nil), ("--", .init(previous: .degraded, new: .unhealthy, trigger: .checkFailed)), ("---", nil),
            ("-+", .init(previous: .degraded, new: .healthy, trigger: .checkPassed)),
            ("--+", .init(previous: .unhealthy, new: .healthy, trigger: .recovered)),
            ("+-", .init(previous: .healthy, new: .degraded, trigger: .checkFailed)),
        ] as [(String, MountState.Transition?)]
    )
    func transitions(checks: String, last: MountState.Transition?) {
        var state = MountState()
        var transition: MountState.Transition?
        for check in checks {
            let result = CheckResult(failure: check == "+" ? nil : "no", duration: .zero)
            transition = state.record(result, threshold: 2, at: Instant(nanoseconds: 0), WallTime(seconds: 0))
        }
        #expect(transition == last)
    }

    @Test func remembersTheLastCheck() {
        var state = MountState()
        let failure = CheckResult(failure: "gone", duration: .zero)
        _ = state.record(failure, threshold: 3, at: Instant(nanoseconds: 1), WallTime(seconds: 1))
        #expect(state.lastError == "gone" && state.lastCheck == WallTime(seconds: 1) && state.lastSuccess == nil)
        let success = CheckResult(failure: nil, duration: .zero)
        _ = state.record(success, threshold: 3, at: Instant(nanoseconds: 2), WallTime(seconds: 2))
        #expect(state.lastError == nil && state.failureCount == 0)
        #expect(state.lastSuccess == Instant(nanoseconds: 2))
    }
}

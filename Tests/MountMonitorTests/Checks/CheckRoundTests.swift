import Testing

@testable import MountMonitor

@Suite struct CheckRoundTests {
    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
    private let wall = WallTime(seconds: TestClock.start)

    @Test func aReadThatComesBackInTimeIsTheResult() {
        var round = CheckRound(readTimeout: .milliseconds(500))
        #expect(round.begin(at: at(0), wall) == .read)
        #expect(round.finish(failure: nil, at: at(3)) == CheckResult(failure: nil, duration: .milliseconds(3)))
        #expect(round.begin(at: at(1000), wall) == .read)
        #expect(round.finish(failure: "no", at: at(1001)) == CheckResult(failure: "no", duration: .milliseconds(1)))
        #expect(round.timeOut(at: at(1500)) == nil, "the time-out of a round that is over says nothing")
    }

    @Test func aHungReadFailsEachRoundAndStartsNoSecondOne() {
        var round = CheckRound(readTimeout: .milliseconds(500))
        #expect(round.begin(at: at(0), wall) == .read)
        #expect(round.hungSince == nil)
        #expect(
            round.timeOut(at: at(500))
                == CheckResult(
                    failure: "context deadline exceeded: no answer within 500ms",
                    duration: .milliseconds(500)
                )
        )
        #expect(round.hungSince == wall)
        for time in [1000, 2000, 3_600_000] as [Int64] {
            #expect(
                round.begin(at: at(time), WallTime(seconds: 0))
                    == .result(
                        CheckResult(
                            failure: "context deadline exceeded: a read hangs since 2026-01-01T00:00:00Z",
                            duration: .zero
                        )
                    )
            )
        }
        #expect(round.finish(failure: nil, at: at(3_600_500)) == nil, "what comes back late is not a result")
        #expect(round.hungSince == nil)
        #expect(round.begin(at: at(3_601_000), wall) == .read, "and the next round is an ordinary check")
    }

    @Test func aRoundBeforeTheLastOneIsOverIsLeftOut() {
        var round = CheckRound(readTimeout: .milliseconds(500))
        #expect(round.begin(at: at(0), wall) == .read)
        #expect(round.begin(at: at(100), wall) == .skip)
        #expect(round.finish(failure: nil, at: at(200)) != nil)
    }
}

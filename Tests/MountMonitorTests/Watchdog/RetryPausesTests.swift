import Testing

@testable import MountMonitor

@Suite struct RetryPausesTests {
    private func pauses(_ count: Int, _ kind: RetryPauses.Kind, random: Double = 0) -> [Int64] {
        var pauses = RetryPauses(WatchdogConfiguration())
        return (0..<count).map { _ in pauses.next(kind, random: random).nanoseconds / 1_000_000 }
    }

    @Test func growToAMinuteForAnOutage() {
        let expected: [Int64] = [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000, 60_000]
        #expect(pauses(12, .passing(retryAfter: nil)) == expected)
    }

    @Test func growToTenMinutesForMissingPermission() {
        #expect(pauses(30, .lasting).last == 600_000)
    }

    @Test func stayBelowTheBackoffsMaximumForAsManyTriesAsConfigured() {
        var configuration = WatchdogConfiguration()
        (configuration.maxRetries, configuration.retryBackoffMax) = (5, .milliseconds(300))
        var pauses = RetryPauses(configuration)
        let all = (0..<7).map { _ in pauses.next(.passing(retryAfter: nil), random: 0).nanoseconds / 1_000_000 }
        #expect(all == [100, 200, 300, 300, 300, 600, 1200])
    }

    @Test(arguments: [(5, 5), (600, 600), (601, 600), (86_400, 600)] as [(Int64, Int64)])
    func retryAfterCountsUpToTenMinutes(asked: Int64, counted: Int64) {
        var pauses = RetryPauses(WatchdogConfiguration())
        #expect(pauses.next(.passing(retryAfter: .seconds(asked)), random: 1) == .seconds(counted))
    }

    @Test func jitterMakesThemShorterAndNeverLonger() {
        #expect(pauses(3, .lasting, random: 1) == [80, 160, 320])
    }

    @Test func aReasonIsLoggedWhenItChangesAndHourly() {
        var log = ReasonLog()
        func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }
        #expect(log.isDue("a", at: at(0)) && !log.isDue("a", at: at(3599)) && log.isDue("a", at: at(3600)))
        #expect(log.isDue("b", at: at(3601)) && log.isDue("a", at: at(3602)))
    }
}

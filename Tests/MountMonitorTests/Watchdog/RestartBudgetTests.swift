import Testing

@testable import MountMonitor

@Suite struct RestartBudgetTests {
    @Test(
        "how long a restart waits, by the ages of the last ones in seconds",
        arguments: [
            ([], 1, nil), ([10], 2, nil), ([10], 1, 3590), ([3600], 1, nil), ([3599], 1, 1), ([10, 20, 30], 2, 3580),
            ([30, 10, 20], 3, 3570), ([4000, 10], 2, nil), ([-100], 1, 3600),
        ] as [([Int64], Int, Int64?)]
    )
    func decides(ages: [Int64], limit: Int, wait: Int64?) throws {
        var configuration = WatchdogConfiguration()
        configuration.maxRestarts = limit
        let now = WallTime(seconds: TestClock.start)
        let times = ages.map { WallTime(seconds: TestClock.start - $0) }
        let decision = try #require(RestartBudget(configuration)).decide(times, at: now)
        #expect(decision == wait.map { .wait(.seconds($0)) } ?? .allowed)
    }

    @Test func noLimitIsNoBudget() { #expect(RestartBudget(WatchdogConfiguration()) == nil) }

    @Test func aSpentBudgetDelaysUntilTheWindowLetsIt() {
        let restart = WallTime(seconds: TestClock.start - 600)
        let stage = WatchdogStage(.init(restarts: [.success([restart])]))
        stage.configure { $0.maxRestarts = 1 }
        #expect(stage.watchdog.report.budget == .spent)
        stage.fail()
        #expect(stage.state == .pendingRestart && stage.api.deletions == 0)
        stage.time.advance(.seconds(2990))
        #expect(stage.state == .pendingRestart && stage.api.deletions == 0)
        stage.time.advance(.seconds(11))
        #expect(stage.api.deletions == 1 && stage.watchdog.report.budget == .available)
        #expect(stage.lines("watchdog restart delayed").count == 1)
    }

    @Test func aMountThatRecoversWhileTheBudgetIsSpentCancels() {
        let stage = WatchdogStage(.init(restarts: [.success([WallTime(seconds: TestClock.start)])]))
        stage.configure { $0.maxRestarts = 1 }
        stage.fail()
        stage.recover()
        stage.time.advance(.seconds(7200))
        #expect(stage.state == .armed && stage.api.deletions == 0)
    }

    @Test func whereCountingIsDeniedTheRestartGoesOn() {
        let stage = WatchdogStage(.init(restarts: [.failure(.status(403, message: "events is forbidden"))]))
        stage.configure { $0.maxRestarts = 1 }
        #expect(stage.watchdog.report.budget == .unknown)
        #expect(stage.messages.contains { $0.hasPrefix("restart budget unknown") })
        stage.fail()
        #expect(stage.api.deletions == 1 && stage.watchdog.report.budget == .unknown)
    }

    @Test func anOutageWhileCountingIsWaitedFor() {
        let stage = WatchdogStage(.init(restarts: [.failure(.unreachable("no"))]))
        stage.configure { $0.maxRestarts = 1 }
        stage.fail()
        stage.time.advance(.seconds(600))
        #expect(stage.api.deletions == 0)
        stage.api.change { $0.restarts = [.success([])] }
        stage.time.advance(.seconds(61))
        #expect(stage.api.deletions == 1)
    }

    @Test func theEventCarriesTheControllersUID() {
        let stage = WatchdogStage()
        stage.configure { $0.maxRestarts = 1 }
        stage.fail()
        #expect(stage.api.calls.contains("count rs-1"))
        #expect(stage.api.events.map(\.controllerUID) == ["rs-1"])
    }
}

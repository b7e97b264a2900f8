import Testing

@testable import MountMonitor

@Suite struct RestartBudgetTests {
    @Test(
        "how long a restart waits, by the ages of the last ones in seconds",
        arguments: [
            ([], 1, nil), ([10], 2, nil), ([10], 1, 3590), ([3600], 1, nil), ([3599], 1, 1), ([10, 20, 30], 2, 3580),
            ([30, 10, 20], 3, 3570), ([4000, 10], 2, nil), ([0], 1, 3600),
        ] as [([Int64], Int, Int64?)]
    )
    func decides(ages: [Int64], limit: Int, wait: Int64?) throws {
        var configuration = WatchdogConfiguration()
        configuration.maxRestarts = limit
        let decision = try #require(RestartBudget(configuration)).decide(ages.map { .seconds($0) })
        #expect(decision == wait.map { .wait(.seconds($0)) } ?? .allowed)
    }

    private func restart(ago seconds: Int64, of pod: String? = "u0") -> RecordedRestart {
        RecordedRestart(event: "e", time: WallTime(seconds: TestClock.start - seconds), podUID: pod)
    }

    @Test func noLimitIsNoBudget() { #expect(RestartBudget(WatchdogConfiguration()) == nil) }

    @Test func aSpentBudgetDelaysUntilTheWindowLetsIt() {
        let stage = WatchdogStage(.init(restarts: [.success([restart(ago: 600)])]))
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
        let stage = WatchdogStage(.init(restarts: [.success([restart(ago: 0)])]))
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

    @Test func whereEventsMayNotBeCreatedTheBudgetIsUnknownFromTheStart() {
        let stage = WatchdogStage(.init(eventReviews: [.success(false)]))
        stage.configure { $0.maxRestarts = 1 }
        #expect(stage.watchdog.report.budget == .unknown)
        #expect(
            stage.lines("restart budget unknown, restarts are not limited").first?["error"]
                == .string("missing permission to create events")
        )
    }

    @Test func thePermissionForEventsIsAskedForWithALimitAlone() {
        let stage = WatchdogStage()
        stage.configure()
        #expect(!stage.api.calls.contains("review events"))
    }

    @Test func anEventOfThisPodSpendsNothing() {
        let stage = WatchdogStage(.init(restarts: [.success([restart(ago: 10, of: "u1")])]))
        stage.configure { $0.maxRestarts = 1 }
        #expect(stage.watchdog.report.budget == .available)
        stage.fail()
        #expect(stage.api.deletions == 1, "it is still there, so it was not restarted")
    }

    @Test("an Event of the future delays a restart for the window, and no longer", arguments: [500, 100_000])
    func eventsOfTheFuture(ahead: Int64) {
        let stage = WatchdogStage(.init(restarts: [.success([restart(ago: -ahead)])]))
        stage.configure { configuration in
            configuration.maxRestarts = 1
            configuration.restartWindow = .seconds(60)
        }
        #expect(stage.watchdog.report.budget == .spent)
        stage.time.advance(.seconds(20))
        stage.fail()
        stage.time.advance(.seconds(35))
        #expect(stage.api.deletions == 0)
        stage.time.advance(.seconds(10))
        #expect(stage.api.deletions == 1, "60 s after it was first seen")
    }

    @Test func anEventOfTheFutureIsNeverYoungerThanItWas() {
        var history = RestartHistory()
        let event = restart(ago: -5)
        let ages = [Int64(0), 4, 8].map { seconds in
            let now = WallTime(seconds: TestClock.start + seconds)
            return history.ages([event], besides: nil, at: now, Instant(nanoseconds: seconds * 1_000_000_000))
        }
        #expect(ages == [[.seconds(0)], [.seconds(4)], [.seconds(8)]])
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

    @Test func aListThatWasNeverMadeIsEmpty() throws {
        #expect(try EventPage(JSONTests.parse(#"{"items": null}"#), controllerUID: "u").restarts.isEmpty)
        #expect(throws: APIFailure.self) { try EventPage(JSONTests.parse("{}"), controllerUID: "u") }
    }

    @Test func theEventCarriesTheControllersUID() {
        let stage = WatchdogStage()
        stage.configure { $0.maxRestarts = 1 }
        stage.fail()
        #expect(stage.api.calls.contains("count rs-1"))
        #expect(stage.api.events.map(\.controllerUID) == ["rs-1"])
    }
}

import Testing

@testable import MountMonitor

/// How the watchdog comes to be armed, and what it says while it isn't.
@Suite struct WatchdogArmingTests {
    @Test(
        "whatever an API server answers at the start, it is asked again until it says yes",
        arguments: [
            (.failure(.unreachable("connection refused")), "rbac_check_failed", 60),
            (.failure(.status(503, message: "")), "rbac_check_failed", 60),
            (.failure(.status(401, message: "")), "rbac_check_failed", 60),
            (.failure(.malformed("no")), "rbac_check_failed", 60),
            (.failure(.status(403, message: "")), "rbac_check_failed", 600), (.success(false), "rbac_missing", 600),
        ] as [(Result<Bool, APIFailure>, String, Int64)]
    )
    func asksAgain(answer: Result<Bool, APIFailure>, reason: String, longestPause: Int64) {
        let stage = WatchdogStage(.init(reviews: [answer]))
        stage.configure()
        stage.fail()
        stage.time.advance(.seconds(3 * 3600))
        #expect(stage.state == .arming)
        let report = stage.watchdog.report
        #expect(report.isEnabled && report.reason?.rawValue == reason && report.error != nil)
        let lines = stage.lines("watchdog disabled")
        #expect((3...4).contains(lines.count), "once, and then hourly: \(lines.count)")
        #expect(lines.allSatisfy { $0["level"] == .string("WARN") && $0["reason"] == .string(reason) })
        stage.api.change { $0.reviews = [.success(true)] }
        stage.time.advance(.seconds(longestPause + 1))
        #expect(stage.api.deletions == 1, "a mount that was unhealthy before it was armed counts")
        #expect(stage.watchdog.report.reason == nil && stage.watchdog.report.error == nil)
    }

    @Test func aPodThatIsNotThereIsFoundAtArming() {
        let stage = WatchdogStage(.init(pods: [.success(.gone)]))
        stage.configure()
        stage.fail()
        stage.time.advance(.seconds(1000))
        #expect(stage.state == .arming && stage.watchdog.report.reason == .podNotFound)
        #expect(stage.lines("watchdog disabled").first?["reason"] == .string("pod_not_found"))
        #expect(!stage.messages.contains { $0.contains("terminating") } && stage.api.deletions == 0)
        stage.api.change { $0.pods = [.success(.present(Pod(uid: "u1")))] }
        stage.time.advance(.seconds(61))
        #expect(stage.api.deletions == 1)
    }

    @Test("a POD_NAME that is another pod's is found where POD_UID says so", arguments: [("u1", true), ("u2", false)])
    func otherPods(podUID: String, isArmed: Bool) {
        let stage = WatchdogStage(podUID: podUID)
        stage.configure()
        stage.fail()
        stage.time.advance(.seconds(200))
        #expect(stage.api.deletions == (isArmed ? 1 : 0))
        #expect(stage.watchdog.report.reason == (isArmed ? nil : .podNotFound))
    }

    @Test func aChangedReasonIsLoggedAtOnce() {
        let down = APIFailure.unreachable("connection refused")
        let stage = WatchdogStage(
            .init(reviews: [.failure(down), .failure(down), .failure(.status(500, message: "")), .failure(down)])
        )
        stage.configure()
        stage.time.advance(.seconds(60))
        #expect(stage.lines("watchdog disabled").count == 3)
    }

    @Test func staysDisabledAndSaysWhy() {
        func reason(_ enabled: Bool, _ connect: @escaping @Sendable () throws(APIFailure) -> (any PodAPI)?) -> String? {
            let time = TestClock()
            let logs = LogCollector()
            let logger = logs.logger(time.clock)
            let watchdog = Watchdog(loop: time.loop, clock: time.clock, logger: logger, connect: connect)
            var configuration = WatchdogConfiguration()
            configuration.enabled = enabled
            watchdog.configure(configuration)
            #expect(watchdog.report.state == .disabled && watchdog.report.isEnabled == enabled)
            logger.flush(within: .seconds(600))
            #expect(logs.records.first?["level"] == .string(enabled ? "WARN" : "INFO"))
            return watchdog.report.reason?.rawValue
        }
        #expect(reason(false) { () throws(APIFailure) in nil } == "configuration")
        #expect(reason(true) { () throws(APIFailure) in nil } == "not_in_cluster")
        #expect(reason(true) { () throws(APIFailure) in throw APIFailure.setup("no POD_NAME") } == "k8s_client_error")
    }

    @Test func newSettingsOfAnArmedOneHoldAtOnce() {
        let stage = WatchdogStage()
        stage.configure { $0.restartDelay = .seconds(100) }
        stage.fail()
        stage.configure { $0.restartDelay = .seconds(10) }
        #expect(stage.state == .pendingRestart, "nothing is asked again, and the restart stays pending")
        stage.time.advance(.seconds(11))
        #expect(stage.api.deletions == 1)
    }
}

import Testing

@testable import MountMonitor

/// The watchdog as a whole.
@Suite struct WatchdogTests {
    @Test func deletesThePodWhenAMountBecomesUnhealthy() {
        let stage = WatchdogStage()
        stage.configure()
        #expect(stage.state == .armed)
        stage.fail()
        #expect(stage.api.calls == ["review", "get", "get", "event u1", "delete u1"])
        #expect(stage.state == .triggered)
        stage.time.advance(.seconds(7200))
        #expect(stage.api.deletions == 1)
    }

    @Test func aPodThatIsNotTerminatingAfterItsDeletionIsDeletedAgain() {
        let stage = WatchdogStage(.init(deletes: false))
        stage.configure()
        stage.fail()
        #expect(stage.api.deletions == 1)
        stage.time.advance(.seconds(6))
        #expect(stage.api.deletions == 2)
        #expect(stage.messages.contains("pod is not terminating after its deletion, deleting it again"))
        stage.api.change { $0.deletes = true }
        stage.time.advance(.seconds(60))
        #expect(stage.api.deletions == 3 && stage.api.events.count == 1 && stage.state == .triggered)
        stage.time.advance(.seconds(7200))
        #expect(stage.api.deletions == 3)
    }

    @Test func aMountThatRecoversBeforeThePodIsTerminatingSavesIt() {
        let stage = WatchdogStage(.init(deletes: false))
        stage.configure()
        stage.fail()
        stage.recover()
        #expect(stage.state == .triggered, "it counts as deleted until it was looked at")
        stage.time.advance(.seconds(100))
        #expect(stage.state == .armed && stage.api.deletions == 1)
        stage.fail()
        #expect(stage.api.deletions == 2)
    }

    @Test func disabledByAReloadItDeletesNothingAgain() {
        let stage = WatchdogStage(.init(deletes: false))
        stage.configure()
        stage.fail()
        stage.watchdog.configure(WatchdogConfiguration())
        stage.time.advance(.seconds(100))
        #expect(stage.state == .disabled && stage.api.deletions == 1)
    }

    @Test func aFailedDeletionNamesTheNextTry() throws {
        let stage = WatchdogStage(.init(deletions: [.failed(.status(500, message: "")), .accepted(status: 200)]))
        stage.configure { $0.retryBackoffInitial = .seconds(3) }
        stage.fail()
        let line = try #require(stage.lines("pod deletion failed, retrying").first)
        #expect(line["next_backoff"] == .integer(3_000_000_000) && line["attempt"] == .integer(1))
        stage.time.advance(.milliseconds(2_900))
        #expect(stage.api.deletions == 1)
        stage.time.advance(.milliseconds(200))
        #expect(stage.api.deletions == 2)
    }

    @Test(
        "404 and 409 to a deletion are reported as the original does",
        arguments: [
            (.notFound("x"), "pod not found (already deleted)"), (.conflict("x"), "pod already terminating"),
        ] as [(DeletionOutcome, String)]
    )
    func levels(outcome: DeletionOutcome, message: String) {
        let stage = WatchdogStage(.init(deletions: [outcome]))
        stage.configure()
        stage.fail()
        #expect(stage.lines(message).first?["level"] == .string("INFO"))
    }

    @Test(
        "no pod of that name is an error, unless a deletion of ours may have been carried out",
        arguments: [([], "ERROR", "pod not found"), ([.lost], "INFO", "pod not found (already deleted)")]
            as [([DeletionOutcome], String, String)]
    )
    func gone(deletions: [DeletionOutcome], level: String, message: String) {
        let stage = WatchdogStage(.init(deletions: deletions.isEmpty ? [.accepted(status: 200)] : deletions))
        stage.configure()
        if deletions.isEmpty { stage.api.change { $0.pods = [.success(.gone)] } }
        stage.fail()
        stage.api.change { $0.pods = [.success(.gone)] }
        stage.time.advance(.seconds(100))
        #expect(stage.lines(message).map { $0["level"] } == [.string(level)], "once, since the reason stays")
        #expect(!stage.messages.contains("pod already terminating, skipping deletion"))
        #expect(stage.api.deletions == deletions.count && stage.watchdog.report.reason == .podNotFound)
    }

    @Test(
        "what people filter the log for is worded as in the original",
        arguments: [
            (.init(), ["pod deletion initiated", "pod deletion successful"]),
            (.init(deletions: [.failed(.status(403, message: ""))]), ["pod deletion failed with permanent error"]),
            (.init(deletions: [.failed(.status(500, message: ""))]), ["pod deletion failed, retrying"]),
        ] as [(ScriptedAPI.Script, [String])]
    )
    func wording(script: ScriptedAPI.Script, last: [String]) {
        let stage = WatchdogStage(script)
        stage.configure()
        stage.fail()
        let first = [
            "watchdog armed", "watchdog restart pending", "watchdog restart triggered", "kubernetes event created",
        ]
        #expect(stage.messages == first + last)
    }

    @Test func alsoOfALookUpThatFailsAndAWatchdogThatIsOff() {
        let stage = WatchdogStage()
        stage.configure()
        stage.api.change { $0.pods = [.failure(.status(500, message: ""))] }
        stage.fail()
        #expect(stage.lines("failed to check pod termination status").count == 1)
        stage.watchdog.configure(WatchdogConfiguration())
        #expect(stage.lines("watchdog disabled by configuration").first?["level"] == .string("INFO"))
    }

    @Test func theEventsLineNamesEventAndPod() throws {
        let stage = WatchdogStage()
        stage.configure()
        stage.fail()
        let line = try #require(stage.lines("kubernetes event created").first)
        let event = try #require(stage.api.events.first)
        #expect(line["event"] == .string(event.name))
        #expect(line["pod"] == .string("plex-0") && line["reason"] == .string("WatchdogRestart"))
    }

    @Test func waitsForTheDelayAndARecoveryCancels() {
        let stage = WatchdogStage()
        stage.configure { $0.restartDelay = .seconds(60) }
        stage.fail()
        stage.time.advance(.seconds(59))
        #expect(stage.state == .pendingRestart && stage.api.deletions == 0)
        stage.recover()
        stage.time.advance(.seconds(120))
        #expect(stage.state == .armed && stage.api.deletions == 0)
        #expect(stage.lines("watchdog restart cancelled").first?["reason"] == .string("mount_recovered"))
        stage.fail()
        stage.time.advance(.seconds(61))
        #expect(stage.api.deletions == 1)
    }

    @Test func goesOnWithoutLookUpAndEvent() {
        let down = APIFailure.timedOut(.seconds(5))
        let stage = WatchdogStage(
            .init(pods: [.failure(.status(403, message: ""))], events: [.failure(down)])
        )
        stage.configure()
        #expect(stage.state == .armed)
        let warning = stage.lines("pod could not be looked up, so POD_NAME is not checked").first
        #expect(warning?["level"] == .string("WARN") && warning?["pod"] == .string("plex-0"))
        stage.fail()
        #expect(stage.api.calls.last == "delete -")
    }

    @Test func aMountThatRecoversWhileTheAPIServerIsAwaySavesThePod() {
        let stage = WatchdogStage()
        stage.configure()
        stage.api.change { $0.deletions = [.failed(.status(503, message: ""))] }
        stage.fail()
        stage.time.advance(.seconds(100))
        let tries = stage.api.deletions
        #expect(tries > 3)
        stage.recover()
        stage.api.change { $0.deletions = [.accepted(status: 200)] }
        stage.time.advance(.seconds(1000))
        #expect(stage.state == .armed && stage.api.deletions == tries)
        stage.fail()
        #expect(stage.api.deletions == tries + 1, "and the next failure counts again")
    }

    @Test func anotherMountTakesTheRestartOver() {
        let stage = WatchdogStage()
        stage.configure()
        stage.api.change { $0.deletions = [.failed(.status(503, message: ""))] }
        stage.fail()
        stage.fail(stage.other)
        stage.recover()
        #expect(stage.state == .triggered)
        stage.api.change { $0.deletions = [.accepted(status: 200)] }
        stage.time.advance(.seconds(100))
        #expect(stage.lines("pod deletion successful").first?["mount_path"] == .string("/series"))
    }

    @Test func stoppedItRestartsNothing() {
        let stage = WatchdogStage()
        stage.configure { $0.restartDelay = .seconds(1) }
        stage.fail()
        stage.watchdog.stop()
        stage.time.advance(.seconds(10))
        #expect(stage.api.deletions == 0)
        #expect(stage.messages.contains("watchdog restart aborted due to shutdown"))
    }

    @Test func disabledByAReloadItStopsARestart() {
        let stage = WatchdogStage(.init(deletions: [.failed(.status(500, message: ""))]))
        stage.configure()
        stage.fail()
        stage.watchdog.configure(WatchdogConfiguration())
        let tries = stage.api.deletions
        stage.time.advance(.seconds(1000))
        #expect(stage.state == .disabled && stage.api.deletions == tries)
    }

    @Test func onlyAfterHealthyLeavesAMountAloneThatNeverWas() {
        let stage = WatchdogStage()
        stage.configure { $0.onlyAfterHealthy = true }
        stage.fail(wasHealthy: false)
        stage.time.advance(.seconds(100))
        #expect(stage.state == .armed && stage.api.deletions == 0)
        stage.recover()
        stage.fail(wasHealthy: true)
        #expect(stage.api.deletions == 1)
    }

    @Test func logLinesAndEventNamePodMountTimeAndError() throws {
        let stage = WatchdogStage()
        stage.configure { $0.restartDelay = .seconds(5) }
        let armed = try #require(stage.lines("watchdog armed").first)
        #expect(armed["pod"] == .string("plex-0") && armed["namespace"] == .string("media"))
        #expect(armed["restart_delay"] == .integer(5_000_000_000), "as Go's encoder writes a duration")
        stage.fail()
        stage.time.advance(.seconds(6))
        for message in ["watchdog restart triggered", "pod deletion successful"] {
            let line = try #require(stage.lines(message).first)
            #expect(line["pod"] == .string("plex-0") && line["namespace"] == .string("media"))
            #expect(line["mount_path"] == .string("/films") && line["name"] == .string("films"))
            #expect(line["failure_count"] == .integer(3))
            #expect(line["last_error"] == .string("context deadline exceeded"))
            guard case .integer(5_000_000_000...5_100_000_000)? = line["unhealthy_duration"] else {
                Issue.record("\(line.text)")
                continue
            }
        }
        #expect(
            stage.api.events.first?.message
                == "Mount /films unhealthy after 3 consecutive failures, triggering pod restart; pod media/plex-0, "
                + "mount films, unhealthy for 5s, last error: context deadline exceeded"
        )
    }

    @Test(
        "the grace period",
        arguments: [
            ("ReplicaSet", 0, false, "delete u1"), ("ReplicaSet", 30, false, "delete u1 in 30s"),
            ("ReplicaSet", 0, true, "delete u1 in 0s"), ("StatefulSet", 30, false, "delete u1 in 30s"),
            ("StatefulSet", 0, true, "delete u1"),
        ]
    )
    func gracePeriods(owner: String, seconds: Int, force: Bool, call: String) {
        let pod = Pod(uid: "u1", controller: .init(kind: owner, uid: "c"))
        let stage = WatchdogStage(.init(pods: [.success(.present(pod))]))
        stage.configure {
            $0.gracePeriodSeconds = seconds
            $0.forceDelete = force
        }
        stage.fail()
        #expect(stage.api.calls.last == call)
        let refusal = stage.lines("forceDelete refused").first?["reason"]
        #expect(refusal == (force && owner == "StatefulSet" ? .string("the owner is a StatefulSet") : nil))
    }

    @Test func aDeletionIsNotForcedWhereTheOwnerIsNotKnown() {
        let stage = WatchdogStage(.init(pods: [.failure(.status(403, message: ""))]))
        stage.configure { $0.forceDelete = true }
        stage.fail()
        #expect(stage.api.calls.last == "delete -")
    }
}

extension DeletionOutcome {
    /// It may have been carried out, and nobody knows.
    fileprivate static let lost = DeletionOutcome.failed(.unreachable("the connection was cut off"))
}

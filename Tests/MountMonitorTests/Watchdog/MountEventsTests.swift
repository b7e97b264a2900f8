import Testing

@testable import MountMonitor

@Suite struct MountEventsTests {
    private final class Stage {
        let time = TestClock()
        let logs = LogCollector()
        let api: ScriptedAPI
        let events: MountEvents
        let mount = MountConfiguration(name: "films", path: "/films", canaryFile: "c", failureThreshold: 3)

        init(_ script: ScriptedAPI.Script = .init()) {
            let api = ScriptedAPI(time.loop, script)
            self.api = api
            events = MountEvents(loop: time.loop, clock: time.clock, logger: logs.logger(time.clock), podUID: nil) {
                () throws(APIFailure) in api
            }
            events.configure(true)
        }

        func turn(down: Bool, _ mount: MountConfiguration? = nil) {
            var state = MountState()
            let failure = CheckResult(failure: down ? "broken" : nil, duration: .zero)
            _ = state.record(failure, threshold: 1, at: time.clock.instant(), time.clock.wall())
            events.mountChanged(
                mount ?? self.mount,
                state,
                down
                    ? .init(previous: .degraded, new: .unhealthy, trigger: .checkFailed)
                    : .init(previous: .unhealthy, new: .healthy, trigger: .recovered)
            )
            time.advance(.milliseconds(1))
        }

        var reasons: [String] { api.events.map(\.reason) }
    }

    @Test func tellsThatAMountWentDownAndRecovered() {
        let stage = Stage()
        stage.turn(down: true)
        stage.turn(down: false)
        #expect(
            stage.api.events.map(\.message) == [
                "Mount films (/films) is unhealthy after 1 consecutive failures, last error: broken",
                "Mount films (/films) is healthy again",
            ]
        )
        #expect(stage.api.events.map(\.kind) == [.warning, .normal] && stage.api.events[1].podUID == "u1")
        #expect(stage.api.events.allSatisfy { $0.reason != PodEvent.restartReason }, "no restart is counted by them")
    }

    @Test func aMountThatFlapsIsToldOncePerKindInFiveMinutes() {
        let stage = Stage()
        for _ in 0..<100 {
            stage.turn(down: true)
            stage.turn(down: false)
        }
        #expect(stage.reasons == ["MountUnhealthy", "MountRecovered"])
        stage.turn(down: true)
        #expect(stage.reasons.count == 2)
        stage.time.advance(.seconds(301))
        #expect(stage.reasons == ["MountUnhealthy", "MountRecovered", "MountUnhealthy"], "the last one is how it is")
        stage.time.advance(.seconds(3600))
        #expect(stage.reasons.count == 3)
    }

    @Test func eachMountHasItsOwn() {
        let stage = Stage()
        stage.turn(down: true)
        stage.turn(down: true, MountConfiguration(path: "/b", canaryFile: "c", failureThreshold: 1))
        #expect(stage.reasons.count == 2)
    }

    @Test func offItTellsNothing() {
        let stage = Stage()
        stage.events.configure(false)
        stage.turn(down: true)
        #expect(stage.api.calls.isEmpty)
        stage.events.configure(true)
        stage.events.stop()
        stage.turn(down: true)
        #expect(stage.api.calls.isEmpty)
    }

    @Test func whatCouldNotBeToldIsToldLaterWhileItIsStillSo() {
        let stage = Stage(.init(events: [.failure(.unreachable("gone")), .success(())]))
        stage.turn(down: true)
        #expect(stage.reasons.count == 1)
        stage.time.advance(.seconds(61))
        #expect(stage.reasons == ["MountUnhealthy", "MountUnhealthy"])
        stage.time.advance(.seconds(3600))
        #expect(stage.reasons.count == 2)

        let recovered = Stage(.init(events: [.failure(.unreachable("gone")), .success(())]))
        recovered.turn(down: true)
        recovered.turn(down: false)
        recovered.time.advance(.seconds(3600))
        #expect(recovered.reasons == ["MountUnhealthy"], "what is over by then isn't told")
    }

    @Test func whatCanNotBeToldIsLoggedOnceAnHour() {
        let stage = Stage(.init(events: [.failure(.status(403, message: "no"))]))
        stage.turn(down: true)
        stage.turn(down: false)
        #expect(stage.logs.messages.filter { $0 == "failed to create kubernetes event" }.count <= 1)
    }
}

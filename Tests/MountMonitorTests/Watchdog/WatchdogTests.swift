import NIOCore
import Synchronization
import Testing

@testable import MountMonitor

/// The watchdog as a whole, with the API's answers, the clock and the timers in the test's hand.
@Suite struct WatchdogTests {
    /// An API server that answers as told and writes down what it was asked.
    private final class FakeAPI: PodAPI {
        private struct State {
            var calls: [String] = []
            var reviews: [Result<Bool, APIFailure>]
            var pod: Result<PodFacts, APIFailure>
            var event: Result<Void, APIFailure>
            var deletions: [DeletionOutcome]
        }

        private let state: Mutex<State>
        private let loop: any EventLoop

        init(
            _ loop: any EventLoop,
            reviews: [Result<Bool, APIFailure>] = [.success(true)],
            pod: Result<PodFacts, APIFailure> = .success(.present(uid: "u1", isTerminating: false)),
            event: Result<Void, APIFailure> = .success(()),
            deletions: [DeletionOutcome] = [.done]
        ) {
            self.loop = loop
            state = Mutex(State(reviews: reviews, pod: pod, event: event, deletions: deletions))
        }

        var calls: [String] { state.withLock { $0.calls } }

        func mayDeletePod() -> EventLoopFuture<Bool> {
            let result = state.withLock { state in
                state.calls.append("review")
                return state.reviews.count > 1 ? state.reviews.removeFirst() : state.reviews[0]
            }
            return loop.makeCompletedFuture(result.mapError { $0 as any Error })
        }

        func lookUpPod() -> EventLoopFuture<PodFacts> {
            let result = state.withLock { state in
                state.calls.append("get")
                return state.pod
            }
            return loop.makeCompletedFuture(result.mapError { $0 as any Error })
        }

        func createEvent(_ message: String, podUID: String?) -> EventLoopFuture<Void> {
            let result = state.withLock { state in
                state.calls.append("event \(podUID ?? "-"): \(message)")
                return state.event
            }
            return loop.makeCompletedFuture(result.mapError { $0 as any Error })
        }

        func deletePod(uid: String?) -> EventLoopFuture<DeletionOutcome> {
            loop.makeSucceededFuture(
                state.withLock { state in
                    state.calls.append("delete \(uid ?? "-")")
                    return state.deletions.count > 1 ? state.deletions.removeFirst() : state.deletions[0]
                }
            )
        }
    }

    private final class Stage: Sendable {
        let time = TestClock()
        let logs = LogCollector()
        let logger: Logger
        let exits: ExitLog = ExitLog()
        let mount = MountConfiguration(name: "films", path: "/films", canaryFile: "c", failureThreshold: 3)

        final class ExitLog: Sendable {
            let statuses = Mutex<[Int32]>([])
        }

        init() { logger = logs.logger(time.clock) }

        func watchdog(_ connect: @escaping @Sendable () throws(APIFailure) -> (any PodAPI)?) -> Watchdog {
            Watchdog(loop: time.loop, clock: time.clock, logger: logger, connect: connect) { [exits] status in
                exits.statuses.withLock { $0.append(status) }
            }
        }

        func watchdog(_ api: FakeAPI, enabled: Bool = true, delay: GoDuration = .zero) -> Watchdog {
            let watchdog = watchdog { () throws(APIFailure) in api }
            var configuration = WatchdogConfiguration()
            configuration.enabled = enabled
            configuration.restartDelay = delay
            watchdog.configure(configuration)
            return watchdog
        }

        func turn(_ watchdog: Watchdog, _ status: MountStatus) {
            var state = MountState()
            for _ in 0..<3 {
                let failure = CheckResult(failure: "x", duration: .zero)
                _ = state.record(failure, threshold: 3, at: time.clock.instant(), time.clock.wall())
            }
            let transition: MountState.Transition =
                status == .unhealthy
                ? .init(previous: .degraded, new: .unhealthy, trigger: .checkFailed)
                : .init(previous: .unhealthy, new: .healthy, trigger: .recovered)
            watchdog.mountChanged(mount, state, transition)
        }

        var lines: [JSON] {
            logger.flush(within: .seconds(5))
            return logs.records
        }
    }

    private static let event =
        "event u1: Mount films (/films) unhealthy after 3 consecutive failures, triggering pod restart"

    @Test func deletesThePodWhenAMountBecomesUnhealthy() {
        let stage = Stage()
        let api = FakeAPI(stage.time.loop)
        let watchdog = stage.watchdog(api)
        #expect(watchdog.current == .armed)
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.milliseconds(1))
        #expect(api.calls == ["review", "get", WatchdogTests.event, "delete u1"])
        #expect(watchdog.current == .triggered)
        #expect(stage.exits.statuses.withLock { $0 }.isEmpty)
    }

    @Test func waitsForTheDelayAndARecoveryCancels() {
        let stage = Stage()
        let api = FakeAPI(stage.time.loop)
        let watchdog = stage.watchdog(api, delay: .seconds(60))
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.seconds(59))
        #expect(watchdog.current == .pendingRestart && api.calls == ["review"])
        stage.turn(watchdog, .healthy)
        stage.time.advance(.seconds(120))
        #expect(watchdog.current == .armed && api.calls == ["review"])
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.seconds(61))
        #expect(api.calls.count == 4)
    }

    @Test func goesOnWithoutLookUpAndEvent() {
        let stage = Stage()
        let down = APIFailure.timedOut(.seconds(5))
        let api = FakeAPI(stage.time.loop, pod: .failure(.status(403, message: "")), event: .failure(down))
        let watchdog = stage.watchdog(api)
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.milliseconds(1))
        #expect(api.calls.last == "delete -")
    }

    @Test func exitsWhenTheRetriesAreUsedUp() {
        let stage = Stage()
        let api = FakeAPI(stage.time.loop, deletions: [.failed("500")])
        let watchdog = stage.watchdog(api)
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.milliseconds(99))
        #expect(api.calls.filter { $0 == "delete u1" }.count == 1)
        stage.time.advance(.milliseconds(2))
        #expect(api.calls.filter { $0 == "delete u1" }.count == 2)
        stage.time.advance(.milliseconds(200))
        #expect(api.calls.filter { $0 == "delete u1" }.count == 3)
        #expect(stage.exits.statuses.withLock { $0 } == [1])
    }

    @Test func succeedsOnALaterTry() {
        let stage = Stage()
        let api = FakeAPI(stage.time.loop, deletions: [.failed("500"), .failed("429"), .done])
        let watchdog = stage.watchdog(api)
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.seconds(60))
        #expect(api.calls.filter { $0 == "delete u1" }.count == 3)
        #expect(stage.exits.statuses.withLock { $0 }.isEmpty)
    }

    @Test func exitsAtOnceWhenItIsRefused() {
        let stage = Stage()
        let api = FakeAPI(stage.time.loop, deletions: [.refused("403")])
        let watchdog = stage.watchdog(api)
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.milliseconds(1))
        #expect(api.calls.filter { $0 == "delete u1" }.count == 1)
        #expect(stage.exits.statuses.withLock { $0 } == [1])
    }

    @Test func stoppedItRestartsNothing() {
        let stage = Stage()
        let api = FakeAPI(stage.time.loop)
        let watchdog = stage.watchdog(api, delay: .seconds(1))
        stage.turn(watchdog, .unhealthy)
        watchdog.stop()
        stage.time.advance(.seconds(10))
        #expect(api.calls == ["review"])
    }

    @Test func staysDisabledAndSaysWhy() {
        func reason(_ make: (Stage) -> Watchdog) -> JSON? {
            let stage = Stage()
            let watchdog = make(stage)
            stage.time.advance(.seconds(60))
            #expect(watchdog.current == .disabled)
            stage.turn(watchdog, .unhealthy)
            return stage.lines.first { $0["msg"] == .string("watchdog disabled") }?["reason"]
        }
        var enabled = WatchdogConfiguration()
        enabled.enabled = true
        #expect(reason { $0.watchdog(FakeAPI($0.time.loop), enabled: false) } == .string("configuration"))
        #expect(
            reason { stage in
                let watchdog = stage.watchdog { () throws(APIFailure) in nil }
                watchdog.configure(enabled)
                return watchdog
            } == .string("not_in_cluster")
        )
        #expect(
            reason { stage in
                let watchdog = stage.watchdog { () throws(APIFailure) in throw APIFailure.setup("POD_NAME is not set") }
                watchdog.configure(enabled)
                return watchdog
            } == .string("k8s_client_error")
        )
        #expect(
            reason { $0.watchdog(FakeAPI($0.time.loop, reviews: [.success(false)])) } == .string("rbac_missing")
        )
        #expect(
            reason { $0.watchdog(FakeAPI($0.time.loop, reviews: [.failure(.status(403, message: ""))])) }
                == .string("rbac_check_failed")
        )
    }

    @Test func asksAgainWhenTheAPIServerIsNotThereYet() {
        let stage = Stage()
        let down = Result<Bool, APIFailure>.failure(.unreachable("connection refused"))
        let api = FakeAPI(stage.time.loop, reviews: [down, down, .success(true)])
        let watchdog = stage.watchdog(api)
        #expect(watchdog.current == .disabled)
        stage.turn(watchdog, .unhealthy)
        stage.time.advance(.seconds(1))
        #expect(watchdog.current == .triggered, "a mount that was unhealthy before it was armed counts")
        #expect(api.calls.filter { $0 == "review" }.count == 3)
    }
}

import NIOCore
import NIOEmbedded
import Synchronization

@testable import MountMonitor

/// A cluster with one pod and outages at set times: what a request meets depends on when it is sent.
final class SimulatedCluster: PodAPI {
    enum Fault: CaseIterable, Sendable {
        case refused, unauthorized, forbidden, conflict, throttled, internalError, unavailable, notFound
        /// The request is carried out, and its answer is lost.
        case lostAnswer
        /// Half a minute passes before the request is carried out, and nobody waits any more.
        case tooLate
    }

    /// From when to when, and what happens.
    struct Outage: Sendable {
        let start: Int64
        let end: Int64
        let fault: Fault
    }

    private struct State {
        var isTerminating = false
        var deletions = 0
        var requests = 0
        var events: Set<String> = []
    }

    let pod = PodIdentity(name: "plex-0", namespace: "media")
    private let state = Mutex(State())
    private let time: TestClock
    private let outages: [Outage]
    private let deniesLookUps: Bool

    init(_ time: TestClock, _ outages: [Outage], deniesLookUps: Bool = false) {
        self.time = time
        self.outages = outages
        self.deniesLookUps = deniesLookUps
    }

    /// Deletions that the cluster carried out on a pod that wasn't terminating yet.
    var deletions: Int { state.withLock { $0.deletions } }
    var requests: Int { state.withLock { $0.requests } }
    /// Events by name: one that is sent again is the same.
    var events: Int { state.withLock { $0.events.count } }

    private typealias Process<Value> = @Sendable (State) -> (State, Result<Value, APIFailure>)

    private func carryOut<Value: Sendable>(_ process: Process<Value>) -> Result<Value, APIFailure> {
        state.withLock { state in
            let (next, result) = process(state)
            state = next
            return result
        }
    }

    private func send<Value: Sendable>(_ process: @escaping Process<Value>) -> EventLoopFuture<Value> {
        let now = time.clock.instant().nanoseconds
        let fault = outages.first { ($0.start..<$0.end).contains(now) }?.fault
        state.withLock { $0.requests += 1 }
        let failure: APIFailure
        switch fault {
        case nil: return answer(carryOut(process))
        case .refused: failure = .unreachable("connection refused")
        case .unauthorized: failure = .status(401, message: "")
        case .forbidden: failure = .status(403, message: "")
        case .conflict: failure = .status(409, message: "")
        case .throttled: failure = .status(429, message: "", retryAfter: .seconds(3))
        case .internalError: failure = .status(500, message: "")
        case .unavailable: failure = .status(503, message: "")
        case .notFound: failure = .status(404, message: "")
        case .lostAnswer:
            _ = carryOut(process)
            failure = .unreachable("the connection was cut off")
        case .tooLate:
            time.loop.scheduleTask(in: .seconds(31)) { [self] in _ = carryOut(process) }
            let promise = time.loop.makePromise(of: Value.self)
            time.loop.scheduleTask(in: .seconds(30)) { promise.fail(APIFailure.timedOut(.seconds(30))) }
            return promise.futureResult
        }
        return answer(.failure(failure))
    }

    private func answer<Value: Sendable>(_ result: Result<Value, APIFailure>) -> EventLoopFuture<Value> {
        let promise = time.loop.makePromise(of: Value.self)
        time.loop.scheduleTask(in: .milliseconds(5)) { promise.completeWith(result.mapError { $0 as any Error }) }
        return promise.futureResult
    }

    func isAllowed(_ permission: Permission) -> EventLoopFuture<Bool> { send { ($0, .success(true)) } }

    func lookUpPod() -> EventLoopFuture<PodFacts> {
        let denies = deniesLookUps
        return send { state in
            if denies { return (state, .failure(.status(403, message: ""))) }
            let controller = Pod.Controller(kind: "ReplicaSet", uid: "rs-1")
            let pod = Pod(uid: "u1", isTerminating: state.isTerminating, controller: controller)
            return (state, .success(PodFacts.present(pod)))
        }.flatMapErrorThrowing {
            if case .status(404, _, _) = APIFailure(describing: $0) { return .gone }
            throw $0
        }
    }

    func restarts(controllerUID: String) -> EventLoopFuture<[RecordedRestart]> { send { ($0, .success([])) } }

    func createEvent(_ event: PodEvent) -> EventLoopFuture<Void> {
        send { state in
            var state = state
            state.events.insert(event.name)
            return (state, .success(()))
        }
    }

    func deletePod(uid: String?, gracePeriod: Int?) -> EventLoopFuture<DeletionOutcome> {
        send { state in
            if state.isTerminating { return (state, .success(DeletionOutcome.conflict(""))) }
            var state = state
            state.isTerminating = true
            state.deletions += 1
            return (state, .success(.accepted(status: 200)))
        }.flatMapErrorThrowing { error in
            switch APIFailure(describing: error) {
            case .status(404, _, _): .notFound("")
            case .status(409, _, _): .conflict("")
            case let failure: .failed(failure)
            }
        }
    }
}

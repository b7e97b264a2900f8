import NIOCore
import Synchronization

@testable import MountMonitor

/// An API server that answers as told, the last answer of a list for ever, and writes down what it was asked.
final class ScriptedAPI: PodAPI {
    struct Script: Sendable {
        var reviews: [Result<Bool, APIFailure>] = [.success(true)]
        /// Whether Events may be created.
        var eventReviews: [Result<Bool, APIFailure>] = [.success(true)]
        var pods: [Result<PodFacts, APIFailure>] = [
            .success(.present(Pod(uid: "u1", controller: ScriptedAPI.controller)))
        ]
        var restarts: [Result<[RecordedRestart], APIFailure>] = [.success([])]
        var events: [Result<Void, APIFailure>] = [.success(())]
        var deletions: [DeletionOutcome] = [.accepted(status: 200)]
        /// Whether an accepted deletion is carried out, so that the pod is terminating from then on.
        var deletes = true
    }

    static let controller = Pod.Controller(kind: "ReplicaSet", uid: "rs-1")

    private struct State {
        var script: Script
        var calls: [String] = []
        var messages: [PodEvent] = []
        var isTerminating = false
    }

    let pod = PodIdentity(name: "plex-0", namespace: "media")
    private let state: Mutex<State>
    private let loop: any EventLoop

    init(_ loop: any EventLoop, _ script: Script = Script()) {
        self.loop = loop
        state = Mutex(State(script: script))
    }

    var calls: [String] { state.withLock { $0.calls } }
    var events: [PodEvent] { state.withLock { $0.messages } }
    var deletions: Int { calls.count { $0.hasPrefix("delete") } }

    func change(_ body: (inout Script) -> Void) { state.withLock { body(&$0.script) } }

    private func next<Answer: Sendable>(_ call: String, _ answers: WritableKeyPath<Script, [Answer]>) -> Answer {
        state.withLock { state in
            state.calls.append(call)
            let list = state.script[keyPath: answers]
            return list.count > 1 ? state.script[keyPath: answers].removeFirst() : list[0]
        }
    }

    private func future<Value: Sendable>(_ result: Result<Value, APIFailure>) -> EventLoopFuture<Value> {
        loop.makeCompletedFuture(result.mapError { $0 as any Error })
    }

    func isAllowed(_ permission: Permission) -> EventLoopFuture<Bool> {
        switch permission {
        case .deletePod: future(next("review", \.reviews))
        case .createEvents: future(next("review events", \.eventReviews))
        }
    }

    func lookUpPod() -> EventLoopFuture<PodFacts> {
        let isTerminating = state.withLock { $0.isTerminating }
        return future(
            next("get", \.pods).map { facts in
                guard isTerminating, case .present(var pod) = facts else { return facts }
                pod.isTerminating = true
                return .present(pod)
            }
        )
    }

    func restarts(controllerUID: String) -> EventLoopFuture<[RecordedRestart]> {
        future(next("count \(controllerUID)", \.restarts))
    }

    func createEvent(_ event: PodEvent) -> EventLoopFuture<Void> {
        state.withLock { $0.messages.append(event) }
        return future(next("event \(event.podUID ?? "-")", \.events))
    }

    func deletePod(uid: String?, gracePeriod: Int?) -> EventLoopFuture<DeletionOutcome> {
        let grace = gracePeriod.map { " in \($0)s" } ?? ""
        let outcome = next("delete \(uid ?? "-")\(grace)", \.deletions)
        if case .accepted = outcome { state.withLock { $0.isTerminating = $0.script.deletes } }
        return loop.makeSucceededFuture(outcome)
    }
}

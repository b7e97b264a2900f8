import NIOCore
import Synchronization

@testable import MountMonitor

/// An API server that answers as told, the last answer of a list for ever, and writes down what it was asked.
final class ScriptedAPI: PodAPI {
    struct Script: Sendable {
        var reviews: [Result<Bool, APIFailure>] = [.success(true)]
        var pods: [Result<PodFacts, APIFailure>] = [
            .success(.present(Pod(uid: "u1", controller: ScriptedAPI.controller)))
        ]
        var restarts: [Result<[WallTime], APIFailure>] = [.success([])]
        var events: [Result<Void, APIFailure>] = [.success(())]
        var deletions: [DeletionOutcome] = [.accepted(status: 200)]
    }

    static let controller = Pod.Controller(kind: "ReplicaSet", uid: "rs-1")

    private struct State {
        var script: Script
        var calls: [String] = []
        var messages: [PodEvent] = []
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

    func mayDeletePod() -> EventLoopFuture<Bool> { future(next("review", \.reviews)) }

    func lookUpPod() -> EventLoopFuture<PodFacts> { future(next("get", \.pods)) }

    func restarts(controllerUID: String) -> EventLoopFuture<[WallTime]> {
        future(next("count \(controllerUID)", \.restarts))
    }

    func createEvent(_ event: PodEvent) -> EventLoopFuture<Void> {
        state.withLock { $0.messages.append(event) }
        return future(next("event \(event.podUID ?? "-")", \.events))
    }

    func deletePod(uid: String?, gracePeriod: Int?) -> EventLoopFuture<DeletionOutcome> {
        let grace = gracePeriod.map { " in \($0)s" } ?? ""
        return loop.makeSucceededFuture(next("delete \(uid ?? "-")\(grace)", \.deletions))
    }
}

import NIOCore
import Synchronization

/// The connections that are open, so that their number has a bound and they can be told to finish.
final class Connections: Sendable {
    /// There are as many as may be, all with answers on their way, or the server stops.
    struct Refused: Error {}

    private struct Entry {
        let channel: any Channel
        /// Since when it waits for its client's request; nil while it is answered.
        var waitingSince: NIODeadline?
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var isStopping = false
        var eventStreams = 0
        var whenEmpty: EventLoopPromise<Void>?
    }

    private let state = Mutex(State())
    private let most: Int

    init(most: Int) { self.most = most }

    /// Takes a connection in until it is closed.
    func add(_ channel: any Channel) throws {
        let key = ObjectIdentifier(channel)
        let evicted = try state.withLock { state -> (any Channel)? in
            guard !state.isStopping else { throw Refused() }
            var evicted: (any Channel)?
            if state.entries.count >= most {
                let idle = state.entries.compactMap { key, entry in entry.waitingSince.map { (key, $0) } }
                guard let oldest = idle.min(by: { $0.1 < $1.1 }) else { throw Refused() }
                evicted = state.entries.removeValue(forKey: oldest.0)?.channel
            }
            state.entries[key] = Entry(channel: channel, waitingSince: .now())
            return evicted
        }
        evicted?.close(promise: nil)
        channel.closeFuture.whenComplete { _ in self.remove(key) }
    }

    private func remove(_ key: ObjectIdentifier) {
        let promise = state.withLock { state -> EventLoopPromise<Void>? in
            state.entries[key] = nil
            return state.entries.isEmpty ? state.whenEmpty : nil
        }
        promise?.succeed()
    }

    /// Whether the server stops.
    var isStopping: Bool { state.withLock(\.isStopping) }

    /// Counts an answer that goes on until its client goes; false when there are as many as may be.
    func beginEvents() -> Bool {
        state.withLock { state in
            guard !state.isStopping, state.eventStreams < min(Self.mostEventStreams, most / 2) else { return false }
            state.eventStreams += 1
            return true
        }
    }

    /// Such an answer has ended.
    func endEvents() { state.withLock { $0.eventStreams -= 1 } }

    private static let mostEventStreams = 64

    /// A request has come, or its answer is sent.
    func set(_ channel: any Channel, isWaiting: Bool) {
        state.withLock { $0.entries[ObjectIdentifier(channel)]?.waitingSince = isWaiting ? .now() : nil }
    }

    /// Tells all to finish; the future succeeds when the last one is closed, which the others are at the deadline.
    func stop(on loop: any EventLoop, within time: TimeAmount) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let channels = state.withLock { state in
            state.isStopping = true
            if !state.entries.isEmpty { state.whenEmpty = promise }
            return state.entries.values.map(\.channel)
        }
        if channels.isEmpty { promise.succeed() }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }
        let late = loop.scheduleTask(in: time) { for channel in channels { channel.close(promise: nil) } }
        promise.futureResult.whenComplete { _ in late.cancel() }
        return promise.futureResult
    }
}

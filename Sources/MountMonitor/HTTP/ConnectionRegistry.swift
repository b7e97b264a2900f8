import NIOCore
import Synchronization

/// The connections that are open, so that their number and their time have a bound and they can be told to finish.
///
/// When there are as many as may be, the one that has waited longest for its client gives way to a new one: whoever
/// holds connections open can't shut the probes out.
final class ConnectionRegistry: Sendable {
    struct Full: Error {}

    private struct Entry {
        let channel: any Channel
        /// When its client last began or ended something.
        var lastUse: NIODeadline
        /// When it is closed, whatever it does.
        var deadline: NIODeadline
        /// An answer is on its way.
        var isBusy = false
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var whenEmpty: EventLoopPromise<Void>?
        var sweep: Scheduled<Void>?
    }

    /// From one look for connections whose time is over to the next.
    ///
    /// One timer for all is cheaper than one each.
    static let sweepInterval = TimeAmount.milliseconds(100)

    private let state = Mutex(State())
    private let limits: ProbeLimits

    init(limits: ProbeLimits) { self.limits = limits }

    /// Notes the connection until it is closed; throws where there are as many as may be, all with answers on their
    /// way.
    func add(_ channel: any Channel) throws {
        let key = ObjectIdentifier(channel)
        let now = NIODeadline.now()
        let evicted = try state.withLock { state -> (any Channel)? in
            var evicted: (any Channel)?
            if state.entries.count >= limits.connections {
                evicted = state.entries.removeValue(forKey: try Self.longestIdle(state.entries))?.channel
            }
            state.entries[key] = Entry(channel: channel, lastUse: now, deadline: now + limits.readTimeout)
            if state.sweep == nil { state.sweep = schedule(on: channel.eventLoop) }
            return evicted
        }
        evicted?.close(promise: nil)
        channel.closeFuture.whenComplete { _ in self.remove(key) }
    }

    private static func longestIdle(_ entries: [ObjectIdentifier: Entry]) throws -> ObjectIdentifier {
        let idle = entries.filter { !$0.value.isBusy }
        guard let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else { throw Full() }
        return oldest.key
    }

    private func remove(_ key: ObjectIdentifier) {
        let promise = state.withLock { state -> EventLoopPromise<Void>? in
            state.entries[key] = nil
            return state.entries.isEmpty ? state.whenEmpty : nil
        }
        promise?.succeed()
    }

    /// The connection's client has begun or ended something, and has that long for what is next.
    func touch(_ channel: any Channel, isBusy: Bool, deadline: TimeAmount) {
        let now = NIODeadline.now()
        state.withLock { state in
            let key = ObjectIdentifier(channel)
            guard state.entries[key] != nil else { return }
            state.entries[key] = Entry(channel: channel, lastUse: now, deadline: now + deadline, isBusy: isBusy)
        }
    }

    private func schedule(on loop: any EventLoop) -> Scheduled<Void> {
        loop.scheduleTask(in: ConnectionRegistry.sweepInterval) { [self] in
            let now = NIODeadline.now()
            let late = state.withLock { state -> [any Channel] in
                state.sweep = state.entries.isEmpty ? nil : schedule(on: loop)
                return state.entries.values.filter { $0.deadline <= now }.map(\.channel)
            }
            for channel in late { channel.close(promise: nil) }
        }
    }

    /// Tells all to finish; succeeds when the last one is closed.
    func quiesce(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let channels = state.withLock { state in
            state.whenEmpty = promise
            return state.entries.values.map(\.channel)
        }
        if channels.isEmpty { promise.succeed() }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ProbeHandler.Quiesce()) }
        return promise.futureResult
    }
}

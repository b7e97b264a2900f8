internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Listens for probes on all addresses of the machine, IPv6 and IPv4.
final class ProbeServer: Sendable {
    private let listener: any Channel
    private let connections: ConnectionRegistry

    private init(listener: any Channel, connections: ConnectionRegistry) {
        self.listener = listener
        self.connections = connections
    }

    /// Where it listens.
    var port: Int { listener.localAddress?.port ?? 0 }

    /// Starts to listen; the future fails where the port is taken.
    ///
    /// Port 0 is any that is free.
    static func start(
        port: Int,
        loop: any EventLoop,
        routes: ProbeRoutes,
        logger: Logger,
        limits: ServerLimits = ServerLimits()
    ) -> EventLoopFuture<ProbeServer> {
        let connections = ConnectionRegistry(limit: limits.connections)
        @Sendable func bind(_ host: String) -> EventLoopFuture<any Channel> {
            bootstrap(loop, limits, connections) { ProbeHandler(routes: routes, logger: logger, limits: limits) }
                .bind(host: host, port: port)
        }
        return bind("::").flatMapError { error -> EventLoopFuture<any Channel> in
            // A machine without IPv6 refuses the address in one way or another; one whose port is taken stays so.
            if let error = error as? IOError, error.errnoCode == OperatingSystem.addressInUse {
                return loop.makeFailedFuture(error)
            }
            return bind("0.0.0.0")
        }.map { ProbeServer(listener: $0, connections: connections) }
    }

    private static func bootstrap(
        _ loop: any EventLoop,
        _ limits: ServerLimits,
        _ connections: ConnectionRegistry,
        _ makeHandler: @escaping @Sendable () -> ProbeHandler
    ) -> ServerBootstrap {
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.headerBytes
        decoderLimits.maxHeaderListSize = limits.headerBytes
        decoderLimits.maxHeaderFieldCount = limits.headerFields
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: Int32(limits.connections))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [decoderLimits] channel in
                channel.eventLoop.makeCompletedFuture {
                    try connections.add(channel)
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(BackPressureHandler())
                    try pipeline.configureHTTPServerPipeline(
                        withEncoderConfiguration: HTTPResponseEncoder.Configuration(),
                        withDecoderLimitConfiguration: decoderLimits
                    )
                    try pipeline.addHandler(makeHandler())
                }
            }
    }

    /// Takes no more connections, lets requests that have begun finish, and closes the rest; the future succeeds when
    /// the last connection is closed.
    func stop() -> EventLoopFuture<Void> {
        let closed = listener.eventLoop.makePromise(of: Void.self)
        listener.close(mode: .all).whenComplete { [connections, loop = listener.eventLoop] _ in
            connections.quiesce(on: loop).cascade(to: closed)
        }
        return closed.futureResult
    }
}

/// The connections that are open, so that their number has a bound and they can be told to finish.
private final class ConnectionRegistry: Sendable {
    struct Full: Error {}

    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var whenEmpty: EventLoopPromise<Void>?
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Notes the connection until it is closed; throws when there are as many as may be.
    func add(_ channel: any Channel) throws {
        let key = ObjectIdentifier(channel)
        try state.withLock {
            guard $0.channels.count < limit else { throw Full() }
            $0.channels[key] = channel
        }
        channel.closeFuture.whenComplete { _ in
            let promise = self.state.withLock { state -> EventLoopPromise<Void>? in
                state.channels[key] = nil
                return state.channels.isEmpty ? state.whenEmpty : nil
            }
            promise?.succeed()
        }
    }

    func quiesce(on loop: any EventLoop) -> EventLoopFuture<Void> {
        let promise = loop.makePromise(of: Void.self)
        let channels = state.withLock { state in
            state.whenEmpty = promise
            return Array(state.channels.values)
        }
        if channels.isEmpty { promise.succeed() }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(ProbeHandler.Quiesce()) }
        return promise.futureResult
    }
}

import NIOCore
import Synchronization

/// Leaves an Event beside the pod when a mount goes down or recovers, for each mount one of a kind in five minutes.
///
/// What was held back is told when its time has come, if it is still so: the last Event is how the mount is.
final class MountEvents: Sendable {
    static let interval = GoDuration.seconds(300)
    /// From a request that failed to the next, and where it was denied.
    private static let (retryPause, deniedPause) = (GoDuration.seconds(60), GoDuration.seconds(600))

    private struct Told {
        var isDown = false
        /// As the last Event says.
        var toldDown = false
        var lastDown: Instant?
        var lastUp: Instant?
        var details = ""
        var isWaiting = false
    }

    private struct State {
        var api: (any PodAPI)?
        var podUID: String?
        var mounts: [MountConfiguration.Identity: Told] = [:]
        var log = ReasonLog()
        var isStopped = false
    }

    private let state: Mutex<State>
    private let loop: any EventLoop
    private let clock: Clock
    private let logger: Logger
    private let connect: @Sendable () throws(APIFailure) -> (any PodAPI)?

    init(
        loop: any EventLoop,
        clock: Clock = .system,
        logger: Logger,
        podUID: String?,
        connect: @escaping @Sendable () throws(APIFailure) -> (any PodAPI)?
    ) {
        self.loop = loop
        self.clock = clock
        self.logger = logger
        self.connect = connect
        state = Mutex(State(podUID: podUID))
    }

    /// Begins or ends; says why where it can't begin.
    ///
    /// Blocks for the account's files.
    func configure(_ isEnabled: Bool) {
        var api: (any PodAPI)?
        if isEnabled {
            do {
                api = try connect()
                if api == nil { warn("not running in kubernetes") }
            } catch {
                warn(error.description)
            }
        }
        state.withLock { [api] in $0.api = api }
    }

    private func warn(_ reason: String) {
        logger.log(.warn, "mount events disabled", [.init("error", .string(reason))])
    }

    /// Hears of each change of a mount's status.
    func mountChanged(_ mount: MountConfiguration, _ mountState: MountState, _ transition: MountState.Transition) {
        let isDown = transition.new == .unhealthy
        guard isDown || transition.previous == .unhealthy else { return }
        let error = mountState.lastError.map { ", last error: \($0)" } ?? ""
        let details = isDown ? "after \(mountState.failureCount) consecutive failures\(error)" : ""
        state.withLock { state in
            state.mounts[mount.identity, default: Told()].isDown = isDown
            state.mounts[mount.identity, default: Told()].details = details
        }
        tell(mount)
    }

    /// A mount is no longer watched.
    func forget(_ mount: MountConfiguration) { state.withLock { $0.mounts[mount.identity] = nil } }

    /// Tells nothing any more.
    func stop() { state.withLock { $0.isStopped = true } }

    private func tell(_ mount: MountConfiguration) {
        let now = clock.instant()
        let (api, before, pause) = state.withLock { state -> ((any PodAPI)?, Told?, GoDuration?) in
            guard let api = state.api, !state.isStopped, var told = state.mounts[mount.identity],
                told.isDown != told.toldDown, !told.isWaiting
            else { return (nil, nil, nil) }
            let before = told
            let last = told.isDown ? told.lastDown : told.lastUp
            if let last, now - last < MountEvents.interval {
                told.isWaiting = true
                state.mounts[mount.identity] = told
                return (nil, nil, MountEvents.interval + (last - now))
            }
            told.toldDown = told.isDown
            if told.isDown { told.lastDown = now } else { told.lastUp = now }
            state.mounts[mount.identity] = told
            return (api, before, nil)
        }
        if let pause { tellLater(mount, pause) }
        if let api, let before { send(mount, before, api) }
    }

    private func tellLater(_ mount: MountConfiguration, _ pause: GoDuration) {
        loop.scheduleTask(in: .nanoseconds(pause.nanoseconds)) { [self] in
            state.withLock { $0.mounts[mount.identity]?.isWaiting = false }
            tell(mount)
        }
    }

    // `told` is as it was before this Event.
    private func send(_ mount: MountConfiguration, _ told: Told, _ api: any PodAPI) {
        let name = mount.name.isEmpty ? mount.path : "\(mount.name) (\(mount.path))"
        let time = clock.wall()
        findPodUID(api).flatMap { uid in
            api.createEvent(
                PodEvent(
                    kind: told.isDown ? .warning : .normal,
                    reason: told.isDown ? "MountUnhealthy" : "MountRecovered",
                    message: told.isDown
                        ? "Mount \(name) is unhealthy \(told.details)" : "Mount \(name) is healthy again",
                    time: time,
                    podUID: uid
                )
            )
        }.whenFailure { [self] error in
            let failure = APIFailure(describing: error)
            takeBack(mount, told)
            // What takes the share away often takes the API server away, too.
            tellLater(mount, failure.isDenied ? MountEvents.deniedPause : MountEvents.retryPause)
            let error = failure.description
            guard state.withLock({ $0.log.isDue(error, at: clock.instant()) }) else { return }
            logger.log(.warn, "failed to create kubernetes event", mount.logFields + [.init("error", .string(error))])
        }
    }

    // Whatever happened to the mount meanwhile stays; the next Event tells how it is then.
    private func takeBack(_ mount: MountConfiguration, _ before: Told) {
        state.withLock { state in
            guard var told = state.mounts[mount.identity] else { return }
            told.toldDown = before.toldDown
            (told.lastDown, told.lastUp) = (before.lastDown, before.lastUp)
            told.isWaiting = true
            state.mounts[mount.identity] = told
        }
    }

    // `kubectl describe` shows an Event by its pod's UID; without one it is there all the same.
    private func findPodUID(_ api: any PodAPI) -> EventLoopFuture<String?> {
        if let uid = state.withLock({ $0.podUID }) { return loop.makeSucceededFuture(uid) }
        return api.lookUpPod().map { [self] facts -> String? in
            guard case .present(let pod) = facts else { return nil }
            state.withLock { $0.podUID = pod.uid }
            return pod.uid
        }.flatMapErrorThrowing { _ in nil }
    }
}

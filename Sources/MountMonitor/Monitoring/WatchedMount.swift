import NIOCore
import Synchronization

/// One mount under watch: its rounds, one after the other, and what they come to.
final class WatchedMount: Sendable {
    private struct Tracked {
        var mount: MountConfiguration
        var interval: GoDuration
        var state = MountState()
        var failures: UInt64 = 0
        var durations = DurationHistogram()
        var next: Scheduled<Void>?
        /// When the last round began.
        var lastRound: Instant?
        /// Tells a round that was set earlier from the present one.
        var number = 0
        var isStopped = false
    }

    private let tracked: Mutex<Tracked>
    private let probe: MountProbe
    private let surroundings: MonitorSurroundings

    init(_ mount: MountConfiguration, interval: GoDuration, probe: MountProbe, _ surroundings: MonitorSurroundings) {
        tracked = Mutex(Tracked(mount: mount, interval: interval))
        self.probe = probe
        self.surroundings = surroundings
    }

    var identity: MountConfiguration.Identity { tracked.withLock { $0.mount.identity } }

    var snapshot: MountSnapshot {
        let hungSince = probe.hungSince
        return tracked.withLock {
            MountSnapshot(
                mount: $0.mount,
                state: $0.state,
                hungSince: hungSince,
                failures: $0.failures,
                durations: $0.durations
            )
        }
    }

    /// Takes on new settings; its state and what hangs stay.
    ///
    /// A round that waits is set anew where the interval is another one.
    func update(_ mount: MountConfiguration, interval: GoDuration, readTimeout: GoDuration) {
        probe.update(readTimeout: readTimeout)
        let waiting = tracked.withLock { tracked -> Instant? in
            tracked.mount = mount
            guard tracked.interval != interval else { return nil }
            tracked.interval = interval
            guard let next = tracked.next else { return nil }
            next.cancel()
            tracked.next = nil
            return tracked.lastRound
        }
        if let waiting { scheduleRound(from: waiting) }
    }

    /// Makes the first check at once, and further ones until `stop`.
    func start() { runRound(0) }

    /// Makes no more checks.
    ///
    /// A read that hangs is abandoned.
    func stop() {
        tracked.withLock {
            $0.isStopped = true
            $0.next?.cancel()
            $0.next = nil
        }
        probe.stop()
    }

    // The next round is set when this one has its result, and counted from its start, so that a long time-out
    // does not push the rounds apart and two never overlap.
    private func runRound(_ number: Int) {
        let start = surroundings.clock.instant()
        let isDue = tracked.withLock { tracked in
            guard !tracked.isStopped, tracked.number == number else { return false }
            (tracked.next, tracked.lastRound) = (nil, start)
            return true
        }
        guard isDue else { return }
        guard let check = probe.check() else { return scheduleRound(from: start) }
        check.whenSuccess { [self] result in
            record(result)
            scheduleRound(from: start)
        }
    }

    private func scheduleRound(from start: Instant) {
        tracked.withLock { tracked in
            guard !tracked.isStopped else { return }
            let pause = surroundings.jittered(tracked.interval) + (start - surroundings.clock.instant())
            tracked.number += 1
            tracked.next = surroundings.loop.scheduleTask(in: .nanoseconds(max(0, pause.nanoseconds))) {
                [self, number = tracked.number] in runRound(number)
            }
        }
    }

    private func record(_ result: CheckResult) {
        let (mount, state, transition) = tracked.withLock { tracked -> (_, _, MountState.Transition?) in
            guard !tracked.isStopped else { return (tracked.mount, tracked.state, nil) }
            tracked.durations.record(result.duration)
            if !result.passed { tracked.failures &+= 1 }
            let transition = tracked.state.record(
                result,
                threshold: tracked.mount.failureThreshold,
                at: surroundings.clock.instant(),
                surroundings.clock.wall()
            )
            return (tracked.mount, tracked.state, transition)
        }
        surroundings.report(mount, result, state, transition)
        if let transition { surroundings.observe(mount, state, transition) }
    }
}

/// How long ago the restarts were that Events tell of.
///
/// An Event of the future, by a clock that differs, counts from when it was first seen, so that it delays no restart
/// for longer than the window.
struct RestartHistory: Equatable, Sendable {
    private var firstSeen: [String: Instant] = [:]

    /// The ages of the restarts of other pods than the one with that UID.
    ///
    /// That pod is still there, so whatever its Event says, it was not restarted.
    mutating func ages(
        _ restarts: [RecordedRestart],
        besides podUID: String?,
        at now: WallTime,
        _ instant: Instant
    ) -> [GoDuration] {
        let earlier = firstSeen
        firstSeen = [:]
        return restarts.filter { podUID == nil || $0.podUID != podUID }.map { restart in
            let age = now - restart.time
            if age >= .zero, earlier[restart.event] == nil { return age }
            let seen = earlier[restart.event] ?? instant
            firstSeen[restart.event] = seen
            return max(age, instant - seen)
        }
    }
}

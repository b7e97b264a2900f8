/// How far the watchdog is.
enum WatchdogState: String, CaseIterable, Sendable {
    /// Not wanted, not in a cluster or not allowed: it does nothing.
    case disabled
    /// All mounts are well enough.
    case armed
    /// A mount is unhealthy; the pod is deleted when the delay is over.
    case pendingRestart = "pending_restart"
    /// The pod is being deleted, or has been.
    case triggered
}

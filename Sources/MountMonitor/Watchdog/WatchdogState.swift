/// How far the watchdog is.
enum WatchdogState: String, CaseIterable, Sendable {
    /// Not wanted, or not in a cluster: it does nothing.
    case disabled
    /// It asks whether it may delete its pod, until the answer is yes.
    case arming
    /// All mounts are well enough.
    case armed
    /// A mount is unhealthy; the pod is deleted when the delay is over, or when the budget allows it.
    case pendingRestart = "pending_restart"
    /// The pod is being deleted, or has been.
    case triggered
}

/// Why the watchdog is enabled and off, or not enabled; the names that log lines, status and metrics carry.
enum WatchdogReason: String, CaseIterable, Sendable {
    case configuration
    case notInCluster = "not_in_cluster"
    case setup = "k8s_client_error"
    case reviewFailed = "rbac_check_failed"
    case notAllowed = "rbac_missing"
    case podNotFound = "pod_not_found"
    case lookUpFailed = "pod_lookup_failed"
}

/// How many restarts are left.
enum WatchdogBudget: String, CaseIterable, Sendable {
    /// `maxRestarts` is not set.
    case unlimited
    case available
    /// A restart waits until the window lets it.
    case spent
    /// The restarts could not be counted, so they are not limited.
    case unknown
}

/// The watchdog at one moment, for those who report on it.
struct WatchdogReport: Equatable, Sendable {
    var isEnabled = false
    var state = WatchdogState.disabled
    /// Why it is off; nil when it isn't.
    var reason: WatchdogReason?
    /// What it last failed with; nil when that is over.
    var error: String?
    var pod: PodIdentity?
    var budget = WatchdogBudget.unlimited
}

/// What a pod is called.
struct PodIdentity: Equatable, Sendable {
    let name: String
    let namespace: String

    /// How log lines name it.
    var logFields: [JSON.Member] { [.init("pod", .string(name)), .init("namespace", .string(namespace))] }
}

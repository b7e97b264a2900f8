import NIOCore

/// What the watchdog asks of the cluster about its own pod.
///
/// Each future fails with an `APIFailure` alone.
protocol PodAPI: Sendable {
    /// Our pod, as the environment names it.
    var pod: PodIdentity { get }

    /// Whether the service account has that permission.
    func isAllowed(_ permission: Permission) -> EventLoopFuture<Bool>
    func lookUpPod() -> EventLoopFuture<PodFacts>
    /// The restarts of the pods of the controller with that UID, as far as Events tell of them.
    func restarts(controllerUID: String) -> EventLoopFuture<[RecordedRestart]>
    /// Leaves the Event beside the pod; the same one again is a success.
    func createEvent(_ event: PodEvent) -> EventLoopFuture<Void>
    /// Deletes the pod; `gracePeriod` is in seconds, nil as long as the pod asks for itself.
    ///
    /// It never fails: the outcome says how it went.
    func deletePod(uid: String?, gracePeriod: Int?) -> EventLoopFuture<DeletionOutcome>
}

/// What the watchdog needs, beyond what every account may read.
enum Permission: String, Sendable {
    case deletePod = "delete"
    case createEvents = "create"
}

/// A restart that an Event tells of.
struct RecordedRestart: Equatable, Sendable {
    /// The Event's name.
    let event: String
    let time: WallTime
    /// The pod that was to be restarted; nil where the Event doesn't say.
    var podUID: String?
}

/// What the API server says of a pod.
enum PodFacts: Equatable, Sendable {
    case gone
    case present(Pod)
}

/// A pod, as far as this program asks.
struct Pod: Equatable, Sendable {
    /// What makes a pod anew when it is gone: a ReplicaSet, a StatefulSet.
    struct Controller: Equatable, Sendable {
        let kind: String
        let uid: String
    }

    var uid: String?
    var isTerminating = false
    var controller: Controller?
}

/// What the API server's answer to a deletion means.
enum DeletionOutcome: Equatable, Sendable {
    /// The pod is being deleted (200, 202).
    case accepted(status: Int)
    /// There is no such pod (404).
    case notFound(String)
    /// It is being deleted already, or another pod has its name (409).
    case conflict(String)
    case failed(APIFailure)
}

/// An Event about our pod.
struct PodEvent: Equatable, Sendable {
    /// The reason of a restart's Event, by which restarts are counted.
    static let restartReason = "WatchdogRestart"
    /// A message's longest, in bytes; the API server refuses longer ones of the newer kind.
    static let longestMessage = 1024

    enum Kind: String, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    let kind: Kind
    let reason: String
    let message: String
    let time: WallTime
    var podUID: String?
    /// Of the pod's controller, by which restarts are counted.
    var controllerUID: String?

    /// One for each Event, and the same when it is sent again.
    var name: String { "mount-monitor.\(time.seconds)\(String(1_000_000_000 + time.nanoseconds).dropFirst())" }
}

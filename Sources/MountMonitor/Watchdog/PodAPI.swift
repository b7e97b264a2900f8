internal import NIOCore

/// What the watchdog asks of the cluster about its own pod.
///
/// Each future fails with an `APIFailure` alone.
protocol PodAPI: Sendable {
    /// Whether the service account may delete the pod.
    func mayDeletePod() -> EventLoopFuture<Bool>
    func lookUpPod() -> EventLoopFuture<PodFacts>
    /// Leaves an Event with that message beside the pod; the pod's UID lets `kubectl describe` show it.
    func createEvent(_ message: String, podUID: String?) -> EventLoopFuture<Void>
    /// Deletes the pod with the grace period it asks for itself.
    ///
    /// It never fails: the outcome says how it went.
    func deletePod(uid: String?) -> EventLoopFuture<DeletionOutcome>
}

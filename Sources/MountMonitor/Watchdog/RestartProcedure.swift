/// The steps of one restart, in order, with what each answer leads to.
///
/// Pure: the caller asks the API server and waits.
///
/// Is the pod terminating already? → tell of it by an Event (best effort) → delete the pod, again after a growing
/// pause where that may help → give up, and the process exits so that at least its container starts again.
struct RestartProcedure: Equatable, Sendable {
    /// What to do next.
    enum Step: Equatable, Sendable {
        case lookUpPod
        /// With the pod's UID, where it is known.
        case createEvent(uid: String?)
        /// Only while the pod has that UID, where it is known: another pod may have taken its name.
        case deletePod(uid: String?, attempt: Int)
        case pause(GoDuration)
        /// The pod is on its way out.
        case done(Outcome)
        /// Nothing helped.
        case giveUp
    }

    /// How a restart ends well.
    enum Outcome: Equatable, Sendable {
        case deleted
        case alreadyTerminating
    }

    private let maxRetries: Int
    private let longestPause: GoDuration
    private var nextPause: GoDuration
    private var uid: String?
    private var attempt = 0

    init(_ configuration: WatchdogConfiguration) {
        maxRetries = configuration.maxRetries
        nextPause = configuration.retryBackoffInitial
        longestPause = configuration.retryBackoffMax
    }

    /// The first step.
    func begin() -> Step { .lookUpPod }

    /// The pod was looked up; nil when that failed, which stops nothing.
    mutating func lookedUp(_ pod: PodFacts?) -> Step {
        switch pod {
        case .gone: return .done(.alreadyTerminating)
        case .present(_, isTerminating: true): return .done(.alreadyTerminating)
        case .present(let uid, isTerminating: false): self.uid = uid
        case nil: break
        }
        return .createEvent(uid: uid)
    }

    /// The Event was created, or not.
    mutating func eventCreated() -> Step { tryDeletion() }

    /// The API server answered the deletion.
    mutating func deletionAnswered(_ outcome: DeletionOutcome) -> Step {
        switch outcome {
        case .done: return .done(.deleted)
        case .refused: return .giveUp
        case .failed:
            guard attempt < maxRetries else { return .giveUp }
            defer { nextPause = min(nextPause * 2, longestPause) }
            return .pause(nextPause)
        }
    }

    /// The pause is over.
    mutating func pauseEnded() -> Step { tryDeletion() }

    private mutating func tryDeletion() -> Step {
        attempt += 1
        return .deletePod(uid: uid, attempt: attempt)
    }
}

/// What the API server says of a pod.
enum PodFacts: Equatable, Sendable {
    case gone
    case present(uid: String?, isTerminating: Bool)
}

/// What the API server's answer to a deletion means.
enum DeletionOutcome: Equatable, Sendable {
    /// Deleted, already gone, or being deleted.
    case done
    /// It never will: the token or the role doesn't allow it.
    case refused(String)
    /// It may the next time.
    case failed(String)
}

/// The steps of one restart, in order, with what each answer leads to.
///
/// Pure: the caller asks the API server and waits.
///
/// Is the pod terminating already? → does the budget allow it? → tell of it by an Event (best effort) → delete the pod.
/// Whatever fails is begun again after a pause, without end: an outage ends some day, and the mount is still dead. The
/// look-up at each beginning is what makes it one deletion, also when an answer was lost.
struct RestartProcedure: Equatable, Sendable {
    /// What to do next.
    enum Step: Equatable, Sendable {
        case lookUpPod
        /// Count the restarts of the pods of that controller.
        case countRestarts(controllerUID: String)
        /// Log the restart and create its Event.
        case announce(Pod)
        /// Only while the pod has that UID, where it is known: another pod may have taken its name.
        case deletePod(uid: String?, gracePeriod: Int?, attempt: Int)
        /// Call `pauseEnded` after a pause for what failed so.
        case pause(RetryPauses.Kind)
        /// The deletion was accepted: call `confirmed` with a look-up after a pause.
        case confirm(RetryPauses.Kind)
        /// The budget is spent: the restart begins again after that time.
        case postpone(GoDuration)
        case done(Outcome)
    }

    /// How a restart ends.
    enum Outcome: Equatable, Sendable {
        case deleted
        case alreadyTerminating
        /// Another pod has its name.
        case replaced
    }

    private let configuration: WatchdogConfiguration
    private(set) var pod: Pod
    /// Whether the pod was ever found.
    private var isKnown: Bool
    private(set) var budget: WatchdogBudget
    private var attempt = 0
    /// A deletion of ours may have been carried out.
    private(set) var mayBeDeleted = false
    /// The next look-up says what a 404 or 409 to the deletion means.
    private var isVerifying = false
    private var isAnnounced = false
    private var isEventCreated = false

    /// A restart of that pod; nil where it could not be looked up so far.
    ///
    /// `podUID` is what the manifest says its UID is.
    init(_ configuration: WatchdogConfiguration, pod: Pod?, podUID: String? = nil) {
        self.configuration = configuration
        self.pod = pod ?? Pod(uid: podUID)
        isKnown = pod != nil
        budget = configuration.maxRestarts > 0 ? .unknown : .unlimited
    }

    /// The first step.
    func begin() -> Step { .lookUpPod }

    /// The pod was looked up, or that failed.
    mutating func lookedUp(_ result: Result<PodFacts, APIFailure>) -> Step {
        let isVerifying = isVerifying
        self.isVerifying = false
        switch result {
        case .success(.gone):
            // No proof, even after a deletion of ours: the pod's containers, and so this process, still run.
            return .pause(.passing(retryAfter: nil))
        case .success(.present(let found)):
            if let uid = pod.uid, let other = found.uid, uid != other { return .done(.replaced) }
            if found.isTerminating { return .done(.alreadyTerminating) }
            (pod, isKnown) = (found, true)
            return isVerifying ? .pause(.passing(retryAfter: nil)) : counted()
        case .failure(let failure):
            // The pod may be on its way out; where the look-up is denied, that is never seen.
            if isVerifying || (mayBeDeleted && !failure.isDenied) { return .pause(failure.pauses) }
            // The deletion that follows says the UID where it is known, so it does no harm.
            return counted()
        }
    }

    private mutating func counted() -> Step {
        guard configuration.maxRestarts > 0, !mayBeDeleted, !isAnnounced else { return announced() }
        guard let controller = pod.controller else {
            budget = .unknown
            return announced()
        }
        return .countRestarts(controllerUID: controller.uid)
    }

    /// The restarts so far were counted, or that failed.
    ///
    /// `result` is how long ago they were.
    mutating func restartsCounted(_ result: Result<[GoDuration], APIFailure>) -> Step {
        guard let limit = RestartBudget(configuration) else { return announced() }
        switch result {
        case .success(let ages):
            switch limit.decide(ages) {
            case .allowed:
                budget = .available
                return announced()
            case .wait(let time):
                budget = .spent
                return .postpone(time)
            }
        case .failure(let failure):
            budget = .unknown
            // Counting without permission, or more than can be read, never works; an outage ends.
            if failure.isDenied { return announced() }
            switch failure {
            case .tooLong, .tooManyEvents: return announced()
            default: return .pause(failure.pauses)
            }
        }
    }

    private mutating func announced() -> Step { isEventCreated ? tryDeletion() : .announce(pod) }

    /// The Event was created, or not; restarts whose Events are denied are never counted.
    mutating func eventCreated(_ isCreated: Bool, isDenied: Bool = false) -> Step {
        if isDenied, configuration.maxRestarts > 0 { budget = .unknown }
        isAnnounced = true
        isEventCreated = isCreated
        return tryDeletion()
    }

    private mutating func tryDeletion() -> Step {
        attempt += 1
        return .deletePod(uid: pod.uid, gracePeriod: gracePeriod, attempt: attempt)
    }

    /// The API server answered the deletion, or not.
    mutating func deletionAnswered(_ outcome: DeletionOutcome) -> Step {
        switch outcome {
        case .accepted:
            mayBeDeleted = true
            return .confirm(.passing(retryAfter: nil))
        case .notFound:
            if isKnown { mayBeDeleted = true }
            isVerifying = true
            return .lookUpPod
        case .conflict:
            isVerifying = true
            return .lookUpPod
        case .failed(let failure):
            if failure.isAmbiguous { mayBeDeleted = true }
            return .pause(failure.pauses)
        }
    }

    /// The pod was looked up after its deletion was accepted, or that failed.
    ///
    /// A pod that isn't terminating then was not deleted, whoever said so, and is begun with again.
    func confirmed(_ result: Result<PodFacts, APIFailure>) -> Step {
        switch result {
        case .success(.present(let found)):
            if let uid = pod.uid, let other = found.uid, uid != other { return .done(.deleted) }
            return found.isTerminating ? .done(.deleted) : .lookUpPod
        case .success(.gone): return .confirm(.passing(retryAfter: nil))
        case .failure(let failure): return failure.isDenied ? .done(.deleted) : .confirm(failure.pauses)
        }
    }

    /// The pause is over.
    func pauseEnded() -> Step { .lookUpPod }

    /// Whether a forced deletion is refused: a StatefulSet's next pod would run beside this one, on the same volume.
    var refusesForce: Bool { configuration.forceDelete && !(isKnown && pod.controller?.kind != "StatefulSet") }

    private var gracePeriod: Int? {
        if configuration.forceDelete, !refusesForce { return 0 }
        return configuration.gracePeriodSeconds > 0 ? configuration.gracePeriodSeconds : nil
    }
}

import Testing

@testable import MountMonitor

@Suite struct RestartProcedureTests {
    private static let pod = Pod(uid: "u", controller: .init(kind: "ReplicaSet", uid: "c"))
    private static let denied = APIFailure.status(403, message: "")
    private static let down = APIFailure.unreachable("no")

    private func procedure(_ pod: Pod? = pod) -> RestartProcedure {
        RestartProcedure(WatchdogConfiguration(), pod: pod)
    }

    private func deletion(_ attempt: Int, uid: String? = "u") -> RestartProcedure.Step {
        .deletePod(uid: uid, gracePeriod: nil, attempt: attempt)
    }

    @Test func aPodOnItsWayOutIsLeftAlone() {
        var procedure = procedure()
        #expect(procedure.begin() == .lookUpPod)
        #expect(
            procedure.lookedUp(.success(.present(Pod(uid: "u", isTerminating: true)))) == .done(.alreadyTerminating)
        )
    }

    @Test func aPodThatTookItsNameIsLeftAlone() {
        var procedure = procedure()
        #expect(procedure.lookedUp(.success(.present(Pod(uid: "v")))) == .done(.replaced))
    }

    @Test func aPodThatIsNotThereBeforeADeletionIsAskedForAgain() {
        var procedure = procedure()
        #expect(procedure.lookedUp(.success(.gone)) == .pause(.passing(retryAfter: nil)))
        #expect(procedure.pauseEnded() == .lookUpPod)
    }

    @Test func thePodsUIDGoesWithTheDeletion() {
        var procedure = procedure(nil)
        #expect(
            procedure.lookedUp(.success(.present(RestartProcedureTests.pod))) == .announce(RestartProcedureTests.pod)
        )
        #expect(procedure.eventCreated(true) == deletion(1))
        #expect(procedure.deletionAnswered(.accepted(status: 200)) == .confirm(.passing(retryAfter: nil)))
    }

    @Test(
        "an accepted deletion is done when the pod is terminating",
        arguments: [
            (.success(.present(Pod(uid: "u", isTerminating: true))), .done(.deleted)),
            (.success(.present(Pod(uid: "v"))), .done(.deleted)),
            (.success(.gone), .confirm(.passing(retryAfter: nil))), (.success(.present(pod)), .lookUpPod),
            (.failure(denied), .done(.deleted)), (.failure(down), .confirm(.passing(retryAfter: nil))),
        ] as [(Result<PodFacts, APIFailure>, RestartProcedure.Step)]
    )
    func confirms(lookUp: Result<PodFacts, APIFailure>, step: RestartProcedure.Step) {
        var procedure = procedure()
        _ = procedure.lookedUp(.success(.present(RestartProcedureTests.pod)))
        _ = procedure.eventCreated(true)
        _ = procedure.deletionAnswered(.accepted(status: 200))
        #expect(procedure.confirmed(lookUp) == step)
    }

    @Test(arguments: [RestartProcedureTests.denied, RestartProcedureTests.down])
    func aLookUpThatFailsStopsNothing(failure: APIFailure) {
        var procedure = procedure(nil)
        #expect(procedure.lookedUp(.failure(failure)) == .announce(Pod()))
        #expect(procedure.eventCreated(false) == deletion(1, uid: nil))
    }

    @Test func theEventIsSentAgainUntilItIsThere() {
        var procedure = procedure()
        let present = Result<PodFacts, APIFailure>.success(.present(RestartProcedureTests.pod))
        _ = procedure.lookedUp(present)
        #expect(procedure.eventCreated(false) == deletion(1))
        _ = procedure.deletionAnswered(.failed(RestartProcedureTests.down))
        #expect(procedure.lookedUp(present) == .announce(RestartProcedureTests.pod))
        #expect(procedure.eventCreated(true) == deletion(2))
        _ = procedure.deletionAnswered(.failed(RestartProcedureTests.down))
        #expect(procedure.lookedUp(present) == deletion(3))
    }

    @Test(
        "what follows a deletion that was not accepted",
        arguments: [
            (.failed(denied), .pause(.lasting)), (.failed(down), .pause(.passing(retryAfter: nil))),
            (.failed(.status(401, message: "")), .pause(.passing(retryAfter: nil))),
            (
                .failed(.status(429, message: "", retryAfter: .seconds(7))),
                .pause(.passing(retryAfter: .seconds(7)))
            ),
            (.notFound(""), .lookUpPod), (.conflict(""), .lookUpPod),
        ] as [(DeletionOutcome, RestartProcedure.Step)]
    )
    func failures(outcome: DeletionOutcome, step: RestartProcedure.Step) {
        var procedure = procedure()
        _ = procedure.lookedUp(.success(.present(RestartProcedureTests.pod)))
        _ = procedure.eventCreated(true)
        #expect(procedure.deletionAnswered(outcome) == step)
    }

    @Test(
        "404 and 409 to a deletion are looked into",
        arguments: [
            (.notFound(""), .success(.gone), .pause(.passing(retryAfter: nil))),
            (.notFound(""), .success(.present(pod)), .pause(.passing(retryAfter: nil))),
            (.notFound(""), .failure(denied), .pause(.lasting)),
            (.notFound(""), .failure(down), .pause(.passing(retryAfter: nil))),
            (.conflict(""), .success(.present(Pod(uid: "u", isTerminating: true))), .done(.alreadyTerminating)),
            (.conflict(""), .success(.present(Pod(uid: "v"))), .done(.replaced)),
            (.conflict(""), .success(.present(pod)), .pause(.passing(retryAfter: nil))),
            (.conflict(""), .failure(denied), .pause(.lasting)),
            (.conflict(""), .success(.gone), .pause(.passing(retryAfter: nil))),
        ] as [(DeletionOutcome, Result<PodFacts, APIFailure>, RestartProcedure.Step)]
    )
    func verifies(outcome: DeletionOutcome, lookUp: Result<PodFacts, APIFailure>, step: RestartProcedure.Step) {
        var procedure = procedure()
        _ = procedure.lookedUp(.success(.present(RestartProcedureTests.pod)))
        _ = procedure.eventCreated(true)
        _ = procedure.deletionAnswered(outcome)
        #expect(procedure.lookedUp(lookUp) == step)
    }

    @Test func aPodThatWasNeverFoundIsNotGone() {
        var procedure = procedure(nil)
        _ = procedure.lookedUp(.failure(RestartProcedureTests.denied))
        _ = procedure.eventCreated(true)
        _ = procedure.deletionAnswered(.notFound(""))
        #expect(procedure.lookedUp(.failure(RestartProcedureTests.denied)) == .pause(.lasting))
    }

    @Test(arguments: [.failed(down), .failed(.status(503, message: "")), .notFound("")] as [DeletionOutcome])
    func aPodThatIsBackAfterNotFoundIsDeletedOnce(outcome: DeletionOutcome) {
        var procedure = procedure()
        let present = Result<PodFacts, APIFailure>.success(.present(RestartProcedureTests.pod))
        _ = procedure.lookedUp(present)
        _ = procedure.eventCreated(true)
        _ = procedure.deletionAnswered(outcome)
        #expect(procedure.lookedUp(.success(.gone)) == .pause(.passing(retryAfter: nil)))
        #expect(procedure.lookedUp(.success(.gone)) == .pause(.passing(retryAfter: nil)))
        #expect(procedure.lookedUp(present) == deletion(2))
    }

    @Test func anAnswerThatWasLostIsNoSecondDeletion() {
        var procedure = procedure()
        _ = procedure.lookedUp(.success(.present(RestartProcedureTests.pod)))
        _ = procedure.eventCreated(true)
        _ = procedure.deletionAnswered(.failed(RestartProcedureTests.down))
        #expect(procedure.mayBeDeleted)
        #expect(procedure.lookedUp(.success(.gone)) == .pause(.passing(retryAfter: nil)))
        let terminating = Pod(uid: "u", isTerminating: true)
        #expect(procedure.lookedUp(.success(.present(terminating))) == .done(.alreadyTerminating))
    }

    @Test("after a deletion that may be under way, a look-up that fails is repeated", arguments: [down, denied])
    func lookUpsAfterALostAnswer(failure: APIFailure) {
        var procedure = procedure()
        _ = procedure.lookedUp(.success(.present(RestartProcedureTests.pod)))
        _ = procedure.eventCreated(true)
        #expect(procedure.deletionAnswered(.failed(RestartProcedureTests.down)) == .pause(.passing(retryAfter: nil)))
        let step = procedure.lookedUp(.failure(failure))
        #expect(step == (failure.isDenied ? deletion(2) : .pause(.passing(retryAfter: nil))))
    }

    @Test("the deletion names the UID of the manifest where the pod can't be looked up")
    func namesTheManifestsUID() {
        var procedure = RestartProcedure(WatchdogConfiguration(), pod: nil, podUID: "m")
        #expect(procedure.lookedUp(.failure(RestartProcedureTests.denied)) == .announce(Pod(uid: "m")))
        #expect(procedure.eventCreated(true) == deletion(1, uid: "m"))
        #expect(procedure.lookedUp(.success(.present(Pod(uid: "other")))) == .done(.replaced))
    }

    @Test("a budget is unknown where Events, by which restarts are counted, are denied")
    func deniedEventsMakeTheBudgetUnknown() {
        var configuration = WatchdogConfiguration()
        configuration.maxRestarts = 1
        var procedure = RestartProcedure(configuration, pod: RestartProcedureTests.pod)
        _ = procedure.lookedUp(.success(.present(RestartProcedureTests.pod)))
        _ = procedure.restartsCounted(.success([]))
        #expect(procedure.budget == .available)
        #expect(procedure.eventCreated(false, isDenied: true) == deletion(1))
        #expect(procedure.budget == .unknown)
    }
}

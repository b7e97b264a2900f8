import Testing

@testable import MountMonitor

@Suite struct RestartProcedureTests {
    private func procedure(retries: Int = 3) -> RestartProcedure {
        var configuration = WatchdogConfiguration()
        configuration.maxRetries = retries
        configuration.retryBackoffInitial = .seconds(1)
        configuration.retryBackoffMax = .seconds(3)
        return RestartProcedure(configuration)
    }

    @Test(arguments: [PodFacts.gone, .present(uid: "u", isTerminating: true)])
    func aPodOnItsWayOutIsLeftAlone(facts: PodFacts) {
        var procedure = procedure()
        #expect(procedure.begin() == .lookUpPod)
        #expect(procedure.lookedUp(facts) == .done(.alreadyTerminating))
    }

    @Test func thePodsUIDGoesWithEventAndDeletion() {
        var procedure = procedure()
        #expect(procedure.lookedUp(.present(uid: "u", isTerminating: false)) == .createEvent(uid: "u"))
        #expect(procedure.eventCreated() == .deletePod(uid: "u", attempt: 1))
        #expect(procedure.deletionAnswered(.done) == .done(.deleted))
    }

    @Test func aLookUpThatFailsStopsNothing() {
        var procedure = procedure()
        #expect(procedure.lookedUp(nil) == .createEvent(uid: nil))
        #expect(procedure.eventCreated() == .deletePod(uid: nil, attempt: 1))
    }

    @Test func triesAgainAfterGrowingPausesUntilTheRetriesAreUsedUp() {
        var procedure = procedure(retries: 4)
        _ = procedure.lookedUp(nil)
        #expect(procedure.eventCreated() == .deletePod(uid: nil, attempt: 1))
        for (attempt, pause) in [(2, 1), (3, 2), (4, 3)] as [(Int, Int64)] {
            #expect(procedure.deletionAnswered(.failed("x")) == .pause(.seconds(pause)))
            #expect(procedure.pauseEnded() == .deletePod(uid: nil, attempt: attempt))
        }
        #expect(procedure.deletionAnswered(.failed("x")) == .giveUp)
    }

    @Test func aRefusalIsFinal() {
        var procedure = procedure()
        _ = procedure.lookedUp(nil)
        _ = procedure.eventCreated()
        #expect(procedure.deletionAnswered(.refused("403")) == .giveUp)
    }
}

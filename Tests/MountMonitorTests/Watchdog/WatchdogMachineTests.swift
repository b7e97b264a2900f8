import Testing

@testable import MountMonitor

@Suite struct WatchdogMachineTests {
    private let a = MountConfiguration(name: "a", path: "/a", canaryFile: "c", failureThreshold: 3)
    private let b = MountConfiguration(name: "b", path: "/b", canaryFile: "c", failureThreshold: 3)

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }
    private func cause(_ mount: MountConfiguration, _ seconds: Int64) -> WatchdogMachine.Cause {
        WatchdogMachine.Cause(mount: mount, failureCount: 3, since: at(seconds))
    }

    private func configuration(_ delay: GoDuration) -> WatchdogConfiguration {
        var configuration = WatchdogConfiguration()
        configuration.restartDelay = delay
        return configuration
    }

    private func armed(delay: GoDuration = .seconds(10)) -> WatchdogMachine {
        var machine = WatchdogMachine()
        _ = machine.arm(configuration(delay))
        return machine
    }

    @Test func restartsAfterTheDelay() {
        var machine = armed()
        #expect(machine.state == .armed)
        #expect(
            machine.becameUnhealthy(cause(a, 1))
                == [.pending(cause(a, 1)), .setTimer(at(11), number: 1)]
        )
        #expect(machine.state == .pendingRestart)
        #expect(machine.timerFired(number: 1) == [.restart(cause(a, 1), number: 1)])
        #expect(machine.state == .triggered)
        #expect(machine.timerFired(number: 1).isEmpty, "once")
    }

    @Test func aRecoveryCancels() {
        var machine = armed()
        _ = machine.becameUnhealthy(cause(a, 1))
        #expect(machine.recovered(a) == [.cancelled(a)])
        #expect(machine.state == .armed)
        #expect(machine.timerFired(number: 1).isEmpty, "the old timer says nothing")
        #expect(machine.recovered(a).isEmpty)
        // Another bout counts from its own start, under a number of its own.
        #expect(
            machine.becameUnhealthy(cause(a, 50))
                == [.pending(cause(a, 50)), .setTimer(at(60), number: 3)]
        )
    }

    @Test func aRestartStaysPendingForTheMountThatIsStillUnhealthy() {
        var machine = armed()
        _ = machine.becameUnhealthy(cause(a, 1))
        #expect(machine.becameUnhealthy(cause(b, 5)).isEmpty)
        #expect(machine.recovered(a) == [.pending(cause(b, 5)), .setTimer(at(15), number: 2)])
        #expect(machine.state == .pendingRestart)
        #expect(machine.timerFired(number: 1).isEmpty, "the first mount's time is no longer meant")
        #expect(machine.timerFired(number: 2) == [.restart(cause(b, 5), number: 2)])
    }

    @Test func theRecoveryOfAnotherMountChangesNothing() {
        var machine = armed()
        _ = machine.becameUnhealthy(cause(a, 1))
        _ = machine.becameUnhealthy(cause(b, 5))
        #expect(machine.recovered(b).isEmpty)
        #expect(machine.timerFired(number: 1) == [.restart(cause(a, 1), number: 1)])
    }

    @Test func aMountThatWasUnhealthyBeforeItWasArmedCounts() {
        var machine = WatchdogMachine()
        #expect(machine.becameUnhealthy(cause(a, 1)).isEmpty)
        #expect(machine.state == .disabled)
        #expect(machine.arm(configuration(.zero)) == [.pending(cause(a, 1)), .setTimer(at(1), number: 1)])
    }

    @Test func disarmedItRestartsNothing() {
        var machine = armed()
        _ = machine.becameUnhealthy(cause(a, 1))
        machine.disarm()
        #expect(machine.state == .disabled)
        #expect(machine.timerFired(number: 1).isEmpty)
        #expect(machine.becameUnhealthy(cause(b, 2)).isEmpty)
    }

    @Test func aNewDelayPlansThePendingRestartAgain() {
        var machine = armed()
        _ = machine.becameUnhealthy(cause(a, 1))
        #expect(machine.arm(configuration(.seconds(60))) == [.pending(cause(a, 1)), .setTimer(at(61), number: 2)])
        #expect(machine.timerFired(number: 1).isEmpty)
    }

    @Test func aRestartUnderWayEndsWithTheLastUnhealthyMount() {
        var machine = armed(delay: .zero)
        _ = machine.becameUnhealthy(cause(a, 1))
        _ = machine.timerFired(number: 1)
        #expect(machine.becameUnhealthy(cause(b, 2)).isEmpty)
        #expect(machine.recovered(a).isEmpty && machine.isUnderWay(1) && machine.cause == cause(b, 2))
        #expect(machine.recovered(b) == [.cancelled(b)])
        #expect(machine.state == .armed && !machine.isUnderWay(1))
    }

    @Test func aDeletionIsNotTurnedBack() {
        var machine = armed(delay: .zero)
        _ = machine.becameUnhealthy(cause(a, 1))
        _ = machine.timerFired(number: 1)
        machine.deleted()
        #expect(machine.recovered(a).isEmpty && machine.becameUnhealthy(cause(b, 2)).isEmpty)
        machine.disarm()
        #expect(machine.state == .triggered)
    }

    @Test func aSpentBudgetPostpones() {
        var machine = armed(delay: .zero)
        _ = machine.becameUnhealthy(cause(a, 1))
        _ = machine.timerFired(number: 1)
        #expect(machine.postpone(1, until: at(100)) == [.setTimer(at(100), number: 2)])
        #expect(machine.state == .pendingRestart && !machine.isUnderWay(1))
        _ = machine.becameUnhealthy(cause(b, 2))
        #expect(
            machine.recovered(a) == [.pending(cause(b, 2)), .setTimer(at(100), number: 3)],
            "for the next one, too"
        )
        #expect(machine.timerFired(number: 3) == [.restart(cause(b, 2), number: 3)])
    }

    @Test func aMountThatNeverWasHealthyMayBeLeftAlone() {
        var machine = WatchdogMachine()
        var settings = configuration(.zero)
        settings.onlyAfterHealthy = true
        _ = machine.arm(settings)
        var never = cause(a, 1)
        never.wasHealthy = false
        #expect(machine.becameUnhealthy(never).isEmpty && machine.state == .armed)
        settings.onlyAfterHealthy = false
        #expect(machine.arm(settings) == [.pending(never), .setTimer(at(1), number: 1)])
    }
}

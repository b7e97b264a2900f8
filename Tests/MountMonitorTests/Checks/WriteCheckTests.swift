import Foundation
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct WriteCheckTests {
    private let time = TestClock()

    private func check(_ folder: String) -> WriteCheck {
        WriteCheck(folder: folder, owner: "uid-1", interval: .seconds(600), clock: time.clock)
    }

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
    }

    @Test func writesWhenItIsTimeAndLeavesNothing() throws {
        try withTemporaryFolder { folder in
            var check = check(folder)
            try check.run()
            #expect(try files(folder).isEmpty)
            // Until the interval is over nothing is written, whatever the folder.
            try Shell.run("rmdir '\(folder)'", in: "/tmp")
            try check.run()
            time.advance(.seconds(599))
            try check.run()
            time.advance(.seconds(1))
            #expect(throws: MountCheckFailure.self) { try check.run() }
            try Shell.run("mkdir '\(folder)'", in: "/tmp")
        }
    }

    @Test func afterAFailureItWritesAtEachCheck() throws {
        try withTemporaryFolder { folder in
            var check = check(folder + "/share")
            #expect(throws: MountCheckFailure.self) { try check.run() }
            #expect(throws: MountCheckFailure.self) { try check.run() }
            try Shell.run("mkdir share", in: folder)
            #expect(throws: Never.self) { try check.run() }
        }
    }

    @Test func removesWhatAnEarlierOneLeftBehindAndFollowsNoLink() throws {
        try withTemporaryFolder { folder in
            try Shell.run("echo old > .mount-monitor-uid-1; echo theirs > .mount-monitor-uid-2", in: folder)
            var check = check(folder)
            try check.run()
            #expect(try files(folder) == [".mount-monitor-uid-2"])
            try Shell.run("ln -s .mount-monitor-uid-2 .mount-monitor-uid-1", in: folder)
            time.advance(.seconds(600))
            try check.run()
            #expect(try Shell.run("cat .mount-monitor-uid-2", in: folder).text == "theirs\n")
        }
    }

    @Test func aShareThatStoresNothingIsAFailure() throws {
        var check = check("/dev/full")
        #expect(throws: MountCheckFailure.self) { try check.run() }
        var proc = self.check("/proc")
        #expect(throws: MountCheckFailure.self) { try proc.run() }
    }

    @Test(arguments: [
        (["POD_UID": "1-2"], "1-2"), (["POD_NAME": "plex-0"], "plex-0"), (["POD_UID": "../x/y\n"], "..xy"),
    ])
    func isNamedByThePod(environment: [String: String], owner: String) {
        #expect(WriteCheck.owner { environment[$0] } == owner)
        #expect(!WriteCheck.owner { _ in nil }.contains("/"))
    }
}

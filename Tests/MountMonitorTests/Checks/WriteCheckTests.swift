import Foundation
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct WriteCheckTests {
    private let time = TestClock()

    private func check(_ directory: String) -> WriteCheck {
        WriteCheck(directory: directory, name: ".mount-monitor-uid-1", interval: .seconds(600), clock: time.clock)
    }

    private func files(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory)
    }

    @Test func writesWhenItIsTimeAndLeavesNothing() throws {
        try withTemporaryDirectory { directory in
            var check = check(directory)
            try check.run()
            #expect(try files(directory).isEmpty)
            // Until the interval is over nothing is written, whatever the directory.
            try Shell.run("rmdir '\(directory)'", in: "/tmp")
            try check.run()
            time.advance(.seconds(599))
            try check.run()
            time.advance(.seconds(1))
            #expect(throws: MountCheckFailure.self) { try check.run() }
            try Shell.run("mkdir '\(directory)'", in: "/tmp")
        }
    }

    @Test func afterAFailureItWritesAtEachCheck() throws {
        try withTemporaryDirectory { directory in
            var check = check(directory + "/share")
            #expect(throws: MountCheckFailure.self) { try check.run() }
            #expect(throws: MountCheckFailure.self) { try check.run() }
            try Shell.run("mkdir share", in: directory)
            #expect(throws: Never.self) { try check.run() }
        }
    }

    @Test func removesWhatAnEarlierOneLeftBehindAndFollowsNoLink() throws {
        try withTemporaryDirectory { directory in
            try Shell.run("echo old > .mount-monitor-uid-1; echo theirs > .mount-monitor-uid-2", in: directory)
            var check = check(directory)
            try check.run()
            #expect(try files(directory) == [".mount-monitor-uid-2"])
            try Shell.run("ln -s .mount-monitor-uid-2 .mount-monitor-uid-1", in: directory)
            time.advance(.seconds(600))
            try check.run()
            #expect(try Shell.run("cat .mount-monitor-uid-2", in: directory).text == "theirs\n")
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
        let names = WriteCheckNames { environment[$0] }
        #expect((0..<3).map { _ in names.next() } == ["", "+1", "+2"].map { ".mount-monitor-\(owner)\($0)" })
        #expect(!WriteCheckNames { _ in nil }.next().contains("/"))
    }
}

import Foundation
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct MountCheckTests {
    private func check(
        _ folder: String,
        _ canary: String = "canary",
        _ type: MountConfiguration.CheckType = .canary
    )
        -> MountCheck
    {
        MountCheck(MountConfiguration(path: folder, checkType: type, canaryFile: canary, failureThreshold: 1))
    }

    /// Each is made in the folder by that script; nil is a check that passes.
    @Test(
        "what a canary may be",
        arguments: [
            ("echo ok > canary", nil), (": > canary", nil), ("echo ok > x; ln -s x canary", nil),
            ("truncate -s 10G canary", nil), ("true", "no such file or directory"),
            ("mkdir canary", "is no regular file"), ("mkfifo canary", "is no regular file"),
            ("ln -s canary canary", "too many levels of symbolic links"), ("ln -s gone canary", "no such file"),
        ] as [(String, String?)]
    )
    func canary(script: String, reason: String?) throws {
        try withTemporaryFolder { folder in
            try Shell.run(script, in: folder)
            if let reason {
                let failure = try #require(throws: MountCheckFailure.self) { try check(folder).run() }
                #expect(failure.description.contains(reason))
                #expect(failure.description.contains(folder + "/canary"), "it names the file")
            } else {
                #expect(throws: Never.self) { try check(folder).run() }
            }
        }
    }

    @Test func aFolderIsEnoughForADirectoryCheck() throws {
        try withTemporaryFolder { folder in
            #expect(throws: Never.self) { try check(folder, "none", .directory).run() }
            try Shell.run("echo > file", in: folder)
            #expect(throws: MountCheckFailure.notAFolder(folder + "/file")) {
                try check(folder + "/file", "none", .directory).run()
            }
            #expect(throws: MountCheckFailure.self) { try check(folder + "/gone", "none", .directory).run() }
        }
    }
}

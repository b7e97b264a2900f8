import Foundation
import TestSupport
import Testing

@testable import MountMonitor

@Suite struct MountCheckTests {
    private func check(
        _ directory: String,
        _ canary: String = "canary",
        _ type: MountConfiguration.CheckType = .canary
    )
        -> MountCheck
    {
        MountCheck(MountConfiguration(path: directory, checkType: type, canaryFile: canary, failureThreshold: 1))
    }

    /// Each is made in the directory by that script; nil is a check that passes.
    @Test(
        "what a canary may be",
        arguments: [
            ("echo ok > canary", nil), (": > canary", nil), ("echo ok > x; ln -s x canary", nil),
            ("truncate -s 10G canary", nil), ("true", "no such file or directory"),
            ("mkdir canary", "is a directory"), ("mkfifo canary", "is a pipe"), ("ln -s /dev/null canary", nil),
            ("ln -s canary canary", "too many levels of symbolic links"), ("ln -s gone canary", "no such file"),
        ] as [(String, String?)]
    )
    func canary(script: String, reason: String?) throws {
        try withTemporaryDirectory { directory in
            try Shell.run(script, in: directory)
            if let reason {
                let failure = try #require(throws: MountCheckFailure.self) { try check(directory).run() }
                #expect(failure.description.contains(reason))
                #expect(failure.description.contains(directory + "/canary"), "it names the file")
            } else {
                #expect(throws: Never.self) { try check(directory).run() }
            }
        }
    }

    @Test func aDirectoryIsEnoughForADirectoryCheck() throws {
        try withTemporaryDirectory { directory in
            #expect(throws: Never.self) { try check(directory, "none", .directory).run() }
            try Shell.run("echo > file", in: directory)
            #expect(throws: MountCheckFailure.notADirectory(directory + "/file")) {
                try check(directory + "/file", "none", .directory).run()
            }
            #expect(throws: MountCheckFailure.self) { try check(directory + "/gone", "none", .directory).run() }
        }
    }

    @Test func aDirectoryThatIsEmptyMayBeAFailure() throws {
        try withTemporaryDirectory { directory in
            let mount = MountConfiguration(
                path: directory,
                checkType: .directory,
                canaryFile: "",
                failureThreshold: 1,
                notEmpty: true
            )
            #expect(throws: MountCheckFailure.empty(directory)) { try MountCheck(mount).run() }
            try Shell.run("touch .mount-monitor-other", in: directory)
            #expect(throws: MountCheckFailure.empty(directory)) { try MountCheck(mount).run() }
            try Shell.run("mkdir .films", in: directory)
            #expect(throws: Never.self) { try MountCheck(mount).run() }
        }
    }

    @Test func aMountpointIsWhatTheKernelMountedThere() throws {
        func check(_ path: String, _ type: String) -> MountCheck {
            MountCheck(
                MountConfiguration(
                    path: path,
                    checkType: .mountpoint,
                    canaryFile: "",
                    failureThreshold: 1,
                    fsType: type
                )
            )
        }
        #expect(throws: Never.self) { try check("/proc", "proc").run() }
        #expect(throws: Never.self) { try check("/proc/", "proc").run() }
        #expect(throws: MountCheckFailure.wrongType("/proc", found: "proc", wanted: "nfs")) {
            try check("/proc", "nfs").run()
        }
        #expect(throws: MountCheckFailure.notMounted("/proc/sys/kernel")) {
            try check("/proc/sys/kernel", "proc").run()
        }
        try withTemporaryDirectory { directory in
            #expect(throws: MountCheckFailure.notMounted(directory)) { try check(directory, "tmpfs").run() }
            try Shell.run("ln -s /proc link", in: directory)
            #expect(throws: Never.self) { try check(directory + "/link", "proc").run() }
        }
    }

    @Test(
        "an automount is looked into, and what it mounts then counts",
        arguments: [
            (["autofs", "nfs4"], "nfs", true), (["autofs", "autofs"], "nfs", false), (["autofs"], "autofs", true),
            (["nfs4"], "nfs", true), (["ext4"], "nfs", false),
        ] as [([String], String, Bool)]
    )
    func automounts(found: [String], wanted: String, passes: Bool) throws {
        let check = MountCheck(
            MountConfiguration(path: "/", checkType: .mountpoint, canaryFile: "", failureThreshold: 1, fsType: wanted)
        )
        var listings = found[...]
        let listing = { MountTable("1 0 0:1 / / rw - \(listings.popFirst() ?? "none") a rw") }
        if passes {
            #expect(throws: Never.self) { try check.run(listing: listing) }
        } else {
            #expect(throws: MountCheckFailure.wrongType("/", found: found[found.count - 1], wanted: wanted)) {
                try check.run(listing: listing)
            }
        }
        #expect(listings.isEmpty)
    }

    @Test func aLeaseThatIsGivenUpIsNoFailure() throws {
        try withTemporaryDirectory { directory in
            try Shell.run("echo ok > canary", in: directory)
            let holder = Process()
            holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            holder.arguments = ["python3", Peers.directory + "/lease.py", directory + "/canary"]
            let output = Pipe()
            holder.standardOutput = output
            try holder.run()
            defer {
                holder.terminate()
                holder.waitUntilExit()
            }
            let answer = output.fileHandleForReading.line()
            // Not every file system gives leases: overlays of some kernels and FUSE don't.
            if answer.hasPrefix("no lease: ") { try Test.cancel("\(directory): \(answer)") }
            try #require(answer == "held")
            #expect(throws: Never.self) { try check(directory).run() }
        }
    }

    @Test func aNULInAPathIsAFailure() {
        let failure = #expect(throws: MountCheckFailure.self) { try check("/proc\u{0}/x", "y").run() }
        #expect(failure?.description.contains("nvalid argument") == true)
    }

    @Test(arguments: [
        ("/a", "b", "/a/b"), ("/a/", "/b", "/a/b"), ("/a", "../b", "/b"), ("/a", "../../../b", "/b"),
        ("a", "../../b", "../b"),
        ("/a//b", "./c/.", "/a/b/c"), ("a", "..", "."), (".", "x", "x"), ("/", "x", "/x"),
        ("/a", "\u{301}x/../c", "/a/c"),
    ])
    func pathsAreJoinedAsGoJoinsThem(directory: String, file: String, path: String) {
        #expect(GoPath.join(directory, file) == path)
    }
}

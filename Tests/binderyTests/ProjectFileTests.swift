import Glibc
import OCI
import SystemIO
import TestSupport
import Testing

@testable import bindery

/// The project file says what is usual in a work tree, to those whom it belongs to.
@Suite struct ProjectFileTests {
    private func parse(_ text: String) throws -> ProjectFile {
        try ProjectFile(parsing: text, path: "bindery.yaml", directory: "/srv/app")
    }

    @Test func allMembersAreRead() throws {
        let file = try parse(
            """
            # ours
            store: .store
            dockerfile: /else/Dockerfile
            naming: '{name}-{os}-{arch}'
            platforms: [linux/x86_64, linux/arm/v7]
            policy: deploy/policy.yaml
            """
        )
        #expect(file.store == "/srv/app/.store")
        #expect(file.dockerfile == "/else/Dockerfile")
        #expect(file.naming == "{name}-{os}-{arch}")
        #expect(file.platforms.map(\.description) == ["linux/amd64", "linux/arm/v7"])
        #expect(file.policy == "/srv/app/deploy/policy.yaml")
        #expect(try parse("").summary.isEmpty)
    }

    @Test(arguments: [
        ("store: a\nnamin: x\n", "bindery.yaml:2: namin: there is no such member; did you mean 'naming'?"),
        ("keys: x\n", "bindery.yaml:1: keys: there is no such member"),
        ("platforms: linux/amd64\n", "bindery.yaml:1: platforms: a list of values is expected"),
        ("platforms: []\n", "bindery.yaml:1: platforms: a list"),
        ("\nplatforms:\n- linux\n", "bindery.yaml:3: platforms: "),
        ("store: [a]\n", "bindery.yaml:1: store: one value is expected"),
        ("store:\n", "bindery.yaml:1: store: one value is expected"),
        ("naming: '{nam}'\n", "bindery.yaml:1: naming: "),
        ("- a\n", "bindery.yaml:1: 'member: value' is expected"),
        ("store: a\nstore: b\n", "bindery.yaml:1: 'store' is there twice"),
        ("store: &a x\nnaming: *a\n", "bindery.yaml:1: anchors"),
        ("store: {a: 1\n", "bindery.yaml:"),
    ])
    func whatIsWrongIsNamedWithFileLineAndMember(text: String, expected: String) throws {
        let error = #expect(throws: UsageError.self) { try parse(text) }
        #expect(error?.description.hasPrefix(expected) == true, "\(error?.description ?? "")")
    }

    @Test func aDeepFileIsRefused() throws {
        for text in [String(repeating: "[", count: 60_000), String(repeating: "- ", count: 30_000) + "a"] {
            #expect(throws: UsageError.self) { try parse(text) }
        }
    }

    private func write(_ text: String, to path: String, mode: mode_t = 0o644) throws {
        try File.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644).write(Array(text.utf8))
        try #require(chmod(path, mode) == 0)
    }

    @Test func theSearchEndsAtTheRootOfTheWorkTree() throws {
        try withTemporaryDirectory { directory in
            let tree = directory + "/outer/tree"
            try Directory.createWithParents(tree + "/sub/dir")
            try write("store: outer\n", to: directory + "/outer/bindery.yaml")
            // Without a work tree only the directory itself is looked at.
            #expect(try ProjectFile.search(from: tree + "/sub/dir").file == nil)
            try Directory.create(tree + "/.git")
            #expect(try ProjectFile.search(from: tree + "/sub/dir").file == nil)
            try write("store: tree\n", to: tree + "/bindery.yaml")
            #expect(try ProjectFile.search(from: tree + "/sub/dir").file?.store?.hasSuffix("/tree/tree") == true)
            try write("store: sub\n", to: tree + "/sub/bindery.yaml")
            #expect(try ProjectFile.search(from: tree + "/sub/dir").file?.store?.hasSuffix("/sub/sub") == true)
        }
    }

    @Test func aFileOfSomebodyElseIsntTaken() throws {
        try withTemporaryDirectory { directory in
            try write("store: s\n", to: directory + "/bindery.yaml")
            let own = try FileStatus.of(directory).owner
            #expect(try ProjectFile.search(from: directory, caller: own).file != nil)
            if own != 0 {
                let found = try ProjectFile.search(from: directory, caller: own + 1)
                #expect(found.file == nil)
                #expect(found.refusal?.reason == "it belongs to user \(own)")
            } else {
                // Root's files are everybody's to take; others' aren't root's.
                try #require(chown(directory + "/bindery.yaml", 4711, 0) == 0)
                #expect(try ProjectFile.search(from: directory, caller: 0).refusal?.reason == "it belongs to user 4711")
                try #require(chown(directory + "/bindery.yaml", 0, 0) == 0)
                try #require(chown(directory, 4711, 0) == 0)
                let refusal = try ProjectFile.search(from: directory, caller: 0).refusal
                #expect(refusal?.reason == "its directory belongs to user 4711")
                try #require(chown(directory, 0, 0) == 0)
            }
            try write("store: s\n", to: directory + "/bindery.yaml", mode: 0o666)
            #expect(try ProjectFile.search(from: directory, caller: own).refusal?.reason == "everybody may write to it")
        }
    }

    @Test func aRemovedDirectoryHasNoFile() throws {
        #expect(try ProjectFile.search(from: "").file == nil)
        #expect(try ProjectFile.search(from: ".").file == nil)
    }

    @Test func whatIsNoFileOrTooLargeIsRefused() throws {
        try withTemporaryDirectory { directory in
            try Directory.create(directory + "/bindery.yaml")
            #expect(throws: UsageError.self) { try ProjectFile.search(from: directory) }
            try write("# " + String(repeating: "x", count: ProjectFile.largestSize), to: directory + "/large")
            #expect(throws: UsageError.self) { try ProjectFile.read(directory + "/large") }
            #expect(throws: SystemError.self) { try ProjectFile.read(directory + "/none") }
        }
    }
}

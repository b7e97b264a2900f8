import Archive
import ArtifactStore
import Foundation
import ImageAuditor
import ImageFileSystem
import ImageTransport
import TestSupport
import Testing

/// What has no manifest is audited all the same.
@Suite struct LooseSourceTests {
    @Test func aRootFileSystemBeyondTheLimitIsRefused() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/large"
            try Data().write(to: URL(fileURLWithPath: path))
            // A hole takes no space on the disk, and all of it in an archive.
            #expect(truncate(path, 33 << 30) == 0)
            let location = ImageLocation.rootFileSystem(path: directory)
            #expect(throws: TransportError.self) { try ImageSources.open(location) }
            #expect(throws: TransportError.self) { try ImageSources.open(location, budget: WorkBudget(bytes: 1 << 20)) }
        }
    }

    /// Opening an archive and reading the image in it have one budget, and what lies in a compressed archive earns nothing.
    @Test func oneBudgetCountsOpeningAndReading() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.file("zeros", [UInt8](repeating: 0, count: 8 << 20)) }
            image.layers = try image.layers.map { try TestImage.Layer($0.tar, by: "gzip -n", suffix: "+gzip") }
            try image.write(layout: fixture.directory + "/layout")
            try Shell.run("tar -C layout -cf image.tar . && gzip -k image.tar", in: fixture.directory)
            for name in ["image.tar", "image.tar.gz"] {
                let budget = WorkBudget(bytes: 4 << 20)
                let archive = ImageLocation.layoutArchive(path: "\(fixture.directory)/\(name)", tag: nil)
                let source = try ImageSources.open(archive, budget: budget)
                var options = AuditOptions()
                options.budget = budget
                let audit = try Auditor(store: fixture.store, options: options).audit(source)
                #expect(audit.verdict == .incomplete)
                let finding = try #require(audit.allFindings.first { $0.code == .limit })
                #expect(finding.message.contains("4194304 uncompressed bytes were read"), "\(finding.message)")
                #expect(finding.message.contains("--max-size"))
            }
        }
    }

    @Test func aRootFileSystemInAFolder() throws {
        try AuditFixture.with { fixture in
            let root = fixture.directory + "/root"
            try Shell.run(
                """
                mkdir -p root/usr/bin root/etc; cp agent-1.2.3-amd64 root/usr/bin/agent; chmod 755 root/usr/bin/agent
                cp ca.pem root/etc/ca.pem; ln root/usr/bin/agent root/usr/bin/agent2; ln -s agent root/usr/bin/agent3
                mkfifo root/pipe; ln -s /etc/passwd root/outside
                """,
                in: fixture.directory
            )
            let source = try ImageSources.open(.rootFileSystem(path: root))
            let audit = try Auditor(store: fixture.store).audit(source)
            let files = audit.platforms[0].files
            #expect(
                files.map(\.path.description) == [
                    "/etc/ca.pem", "/outside", "/pipe", "/usr/bin/agent", "/usr/bin/agent2", "/usr/bin/agent3",
                ]
            )
            #expect(files.filter(\.identity.isReleased).count == 3)
            #expect(files[1].kind == .symbolicLink)
            #expect(audit.verdict == .contains)
        }
    }

    /// Layers have no type for a socket, and nothing in it runs: it costs a remark and no verdict.
    @Test func socketsAreSaidToBeLeftOut() throws {
        try AuditFixture.with { fixture in
            try Shell.run(
                """
                mkdir -p root/run; cp agent-1.2.3-amd64 root/agent; chmod 755 root/agent
                python3 -c 'import socket
                for n in "ab": socket.socket(socket.AF_UNIX).bind("root/run/" + n)'
                """,
                in: fixture.directory
            )
            let source = try ImageSources.open(.rootFileSystem(path: fixture.directory + "/root"))
            let audit = try Auditor(store: fixture.store).audit(source)
            #expect(audit.verdict == .exact)
            let finding = try #require(audit.findings.first { $0.code == .leftOut })
            #expect(finding.path?.description == "/run/a")
            #expect(finding.message == "it is a socket, which no image can have; there are 1 more")
        }
    }

    @Test("names that are not UTF-8 are files as others are")
    func oddNames() throws {
        try AuditFixture.with { fixture in
            try Shell.run(
                """
                mkdir -p root/d; cp agent-1.2.3-amd64 root/agent; chmod 755 root/agent
                printf x >"root/d/$(printf 'e\\377')"; mkdir "root/$(printf 'f\\376')"; printf y >"root/$(printf 'f\\376')/x"
                ln -s "$(printf 'e\\377')" root/d/link
                """,
                in: fixture.directory
            )
            let audit = try Auditor(store: fixture.store).audit(
                ImageSources.open(.rootFileSystem(path: fixture.directory + "/root"))
            )
            let files = audit.platforms[0].files
            #expect(files.map(\.path.bytes).contains(Array("/d/e".utf8) + [0xFF]))
            #expect(files.map(\.path.bytes).contains(Array("/f".utf8) + [0xFE] + Array("/x".utf8)))
            #expect(files.contains { $0.target == Array("e".utf8) + [0xFF] })
            #expect(audit.verdict == .contains)
            #expect(audit.allFindings.allSatisfy { $0.code != .notRead })
        }
    }

    @Test(
        "names of whiteouts are files here, which no layer can hold",
        arguments: [".wh.agent", ".wh..wh..opq", "d/.wh.x"]
    )
    func namesOfWhiteouts(name: String) throws {
        try AuditFixture.with { fixture in
            try Shell.run(
                "mkdir -p root/d; cp agent-1.2.3-amd64 root/agent; chmod 755 root/agent; touch root/\(name)",
                in: fixture.directory
            )
            let source = try ImageSources.open(.rootFileSystem(path: fixture.directory + "/root"))
            let audit = try Auditor(store: fixture.store).audit(source)
            #expect(audit.verdict == .incomplete)
            let finding = try #require(audit.allFindings.first { $0.code == .notRead })
            #expect(finding.path?.description == "/" + name)
            // A copy would be without it, and wouldn't say so.
            let error = #expect(throws: TransportError.self) {
                try ImageCopy.run(from: source, to: LayoutDestination(directory: fixture.directory + "/copy", tag: "1"))
            }
            #expect(error?.description.contains("/\(name) wasn't read") == true)
            // The file that it seems to remove is there.
            #expect(audit.platforms[0].files.contains { $0.path.description == "/agent" })
        }
    }

    @Test("what can't be read is a finding, and there is no verdict on the rest")
    func unread() throws {
        try AuditFixture.with { fixture in
            // More directories in each other than a process can name in a path.
            try Shell.run(
                """
                mkdir root; cp agent-1.2.3-amd64 root/agent; chmod 755 root/agent
                python3 -c "import os; os.chdir('root'); [(os.mkdir('d'), os.chdir('d')) for _ in range(520)]"
                """,
                in: fixture.directory
            )
            let audit = try Auditor(store: fixture.store).audit(
                ImageSources.open(.rootFileSystem(path: fixture.directory + "/root"))
            )
            #expect(audit.verdict == .incomplete)
            let finding = try #require(audit.allFindings.first { $0.code == .notRead })
            #expect(finding.path?.components.count == 512)
            // By a program that needs no path for it.
            try Shell.run("rm -rf root/d", in: fixture.directory)
        }
    }

    @Test("attributes that programs or engines obey are found in a directory as they are in a layer")
    func attributes() throws {
        try AuditFixture.with { fixture in
            let script = """
                import os, struct, sys
                try:
                    os.setxattr("root/agent", "security.capability", struct.pack("<5I", 0x2000001, 1 << 13, 0, 0, 0))
                    os.setxattr("root/d", "trusted.overlay.opaque", b"y")
                except OSError:
                    print("none")
                """
            try script.write(toFile: fixture.directory + "/set.py", atomically: true, encoding: .utf8)
            let files = "mkdir -p root/d; cp agent-1.2.3-amd64 root/agent; chmod 755 root/agent"
            try Shell.run(files, in: fixture.directory)
            let said = try Shell.run("python3 set.py", in: fixture.directory).text
            // Only root may give them, and only some file systems keep them: where that is so, it is a test.
            guard said.isEmpty else { return #expect(ProcessInfo.processInfo.environment["CI"] == nil, "\(said)") }
            let audit = try Auditor(store: fixture.store).audit(
                ImageSources.open(.rootFileSystem(path: fixture.directory + "/root"))
            )
            #expect(audit.allFindings.contains { $0.code == .capability })
            let finding = try #require(audit.allFindings.first { $0.code == .reservedAttribute })
            #expect(finding.path?.description == "/d" && finding.found == "trusted.overlay.opaque")
        }
    }

    @Test func aDirectoryThatIsNotThere() {
        #expect(throws: TransportError.self) { try ImageSources.open(.rootFileSystem(path: "/nowhere/at/all")) }
    }
}

import ArtifactStore
import Foundation
import ImageAuditor
import ImageFileSystem
import ImageTransport
import TestSupport
import Testing

/// What has no manifest is audited all the same.
@Suite struct LooseSourceTests {
    @Test func aRootFileSystemInAFolder() throws {
        try AuditFixture.with { fixture in
            let root = fixture.folder + "/root"
            try Shell.run(
                """
                mkdir -p root/usr/bin root/etc; cp agent-1.2.3-amd64 root/usr/bin/agent; chmod 755 root/usr/bin/agent
                cp ca.pem root/etc/ca.pem; ln root/usr/bin/agent root/usr/bin/agent2; ln -s agent root/usr/bin/agent3
                mkfifo root/pipe; ln -s /etc/passwd root/outside
                """,
                in: fixture.folder
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

    @Test func aFolderThatIsNotThere() {
        #expect(throws: TransportError.self) { try ImageSources.open(.rootFileSystem(path: "/nowhere/at/all")) }
    }
}

import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

/// The way from the config's command to what runs.
@Suite struct EntrypointTests {
    struct Way: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let execution: [String: JSONValue]
        /// What is on the way, as reason and path.
        let steps: [String]
    }

    static let agent = AuditFixture.agent("1.2.3", "amd64").bytes
    static let shell = TestProgram(code: "shell").bytes

    @Test func anotherSystemsIsNotFollowed() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.os = "windows"
            image.execution = ["Entrypoint": [#"C:\Program Files\agent.exe"#]]
            let audit = try fixture.audit(image)
            #expect(audit.codes.contains(.entrypointNotFollowed))
            #expect(!audit.codes.contains(.entrypointMissing))
        }
    }

    @Test(
        "a user or group by name has to be in the image, as engines look it up",
        arguments: [
            ("", 0), ("0", 0), ("65534:65534", 0), ("root", 0), ("agent", 0), ("agent:staff", 0), ("1000:staff", 0),
            ("nobody", 1), ("agent:nogroup", 1), ("nobody:nogroup", 2), ("rootx", 1), ("roo", 1),
        ]
    )
    func user(_ user: String, _ count: Int) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { layer in
                layer.file("etc/passwd", Array("root:x:0:0::/root:/bin/sh\nagent:x:1000:1000::/:\n".utf8))
                layer.file("etc/group", Array("root:x:0:\nstaff:x:50:".utf8))
            }
            image.execution["User"] = .string(user)
            let audit = try fixture.audit(image)
            #expect(audit.allFindings.count { $0.code == .userUnknown } == count)
            #expect(audit.hidesErrors == (count > 0))
            #expect(audit.isAcceptable(exact: false))
            #expect(audit.isAcceptable(exact: false, strict: true) == (count == 0))
        }
    }

    @Test("without a passwd no name is known, and an unread one says nothing")
    func userFiles() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.execution["User"] = "nobody"
            let withoutFile = try fixture.audit(image).codes
            #expect(withoutFile.contains(.userUnknown))
            let large = String(repeating: "name:x:1:1::/:\n", count: 5000)
            image.layer { $0.file("etc/passwd", Array(large.utf8)) }
            let withLargeFile = try fixture.audit(image).codes
            #expect(!withLargeFile.contains(.userUnknown))
        }
    }

    static let ways = [
        Way(
            testDescription: "a path",
            execution: ["Entrypoint": ["/usr/bin/agent", "-v"]],
            steps: ["command /usr/bin/agent"]
        ),
        Way(testDescription: "Cmd alone", execution: ["Cmd": ["/usr/bin/agent"]], steps: ["command /usr/bin/agent"]),
        Way(
            testDescription: "a word in the usual PATH",
            execution: ["Cmd": ["agent"]],
            steps: ["command /usr/bin/agent"]
        ),
        Way(
            testDescription: "a word in the config's PATH",
            execution: ["Cmd": ["agent"], "Env": ["PATH=/nowhere:/opt"]],
            steps: ["command /usr/bin/agent"]
        ),
        Way(
            testDescription: "a path from the working directory",
            execution: ["Cmd": ["./bin/agent"], "WorkingDir": "/usr"],
            steps: ["command /usr/bin/agent"]
        ),
        Way(
            testDescription: "symbolic links, relative and absolute",
            execution: ["Cmd": ["/run/start"]],
            steps: ["command /usr/bin/agent"]
        ),
        Way(
            testDescription: "a shell form",
            execution: ["Cmd": ["/bin/sh", "-c", "FOO=bar exec agent --flag"]],
            steps: ["command /bin/sh", "shell command /usr/bin/agent"]
        ),
        Way(
            testDescription: "a shell form that computes",
            execution: ["Cmd": ["/bin/sh", "-c", "$PROGRAM --flag"]],
            steps: ["command /bin/sh"]
        ),
        Way(
            testDescription: "a script",
            execution: ["Entrypoint": ["/start.sh"]],
            steps: ["command /start.sh", "script interpreter /bin/sh"]
        ),
        Way(
            testDescription: "a script by way of env",
            execution: ["Entrypoint": ["/start.env"]],
            steps: ["command /start.env", "script interpreter /usr/bin/env", "environmentProgram /usr/bin/agent"]
        ),
    ]

    @Test(arguments: ways)
    func isFollowed(_ way: Way) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { layer in
                layer.file("bin/sh", Self.shell, mode: 0o755)
                layer.file("usr/bin/env", TestProgram(code: "env").bytes, mode: 0o755)
                layer.file("start.sh", "#! /bin/sh -e\nexec agent\n", mode: 0o755)
                layer.file("start.env", "#!/usr/bin/env -S A=b agent\n", mode: 0o755)
                layer.symbolicLink("run/start", to: "../opt/link")
                layer.symbolicLink("opt/link", to: "/opt/agent")
                layer.symbolicLink("opt/agent", to: "../usr/bin/agent")
            }
            image.execution = way.execution
            let audit = try fixture.audit(image)
            let steps = audit.platforms[0].entrypoint.map { step in
                (step.reason == .environmentProgram ? "environmentProgram" : step.reason.rawValue) + " \(step.path)"
            }
            #expect(steps == way.steps)
        }
    }

    /// A dynamic program of this machine with what it is loaded by.
    struct System {
        static let program = "/usr/bin/cat"
        static let loader = "/lib64/ld-linux-x86-64.so.2"
        static let library = "/lib/x86_64-linux-gnu/libc.so.6"
        // Elsewhere these are other files; in CI, whose machine has them, a missing one is a failure and no skip.
        static let isExpected =
            ProcessInfo.processInfo.environment["CI"] == "true"
            || [program, loader, library].allSatisfy { FileManager.default.fileExists(atPath: $0) }

        static func bytes(_ path: String) throws -> [UInt8] {
            Array(try Data(contentsOf: URL(fileURLWithPath: path).resolvingSymlinksInPath()))
        }
    }

    private func withDynamicImage(
        _ change: (inout TarBuilder, _ loader: [UInt8], _ library: [UInt8]) throws -> Void,
        _ body: (ImageAudit) throws -> Void
    ) throws {
        try AuditFixture.with { fixture in
            _ = try fixture.store.put([
                PutRequest(
                    source: .path(URL(fileURLWithPath: System.program).resolvingSymlinksInPath().path),
                    name: RepositoryName(parsing: "cat"),
                    version: Version(parsing: "1")
                )
            ])
            var layer = TarBuilder()
            layer.file("bin/cat", try System.bytes(System.program), mode: 0o755)
            try change(&layer, System.bytes(System.loader), System.bytes(System.library))
            var image = TestImage()
            image.layers = [.init(layer.archive)]
            image.execution = ["Entrypoint": ["/bin/cat"]]
            try body(fixture.audit(image))
        }
    }

    @Test(.enabled(if: System.isExpected)) func theLoaderAndTheLibrariesAreFound() throws {
        try withDynamicImage { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
        } _: { audit in
            #expect(
                audit.platforms[0].entrypoint.map(\.path.description) == [
                    "/bin/cat", System.loader, System.library,
                ]
            )
            // Neither is released: what a released program loads is worth a look.
            #expect(audit.codes == [.interpreterUnknown, .libraryUnknown])
            #expect(audit.verdict == .contains)
        }
    }

    @Test(.enabled(if: System.isExpected)) func theConfiguredDirectoriesComeBeforeTheUsualOnes() throws {
        try withDynamicImage { layer, loader, library in
            layer.file("lib64/ld-linux-x86-64.so.2", loader, mode: 0o755)
            layer.file("lib/x86_64-linux-gnu/libc.so.6", library, mode: 0o755)
            layer.file("opt/evil/libc.so.6", library, mode: 0o755)
            layer.file("etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
            layer.file("etc/ld.so.conf.d/evil.conf", "# first\n/opt/evil\n")
        } _: { audit in
            #expect(audit.platforms[0].entrypoint.last?.path.description == "/opt/evil/libc.so.6")
        }
    }

    @Test(.enabled(if: System.isExpected)) func whatIsMissingIsSaid() throws {
        try withDynamicImage { _, _, _ in
        } _: { audit in
            #expect(audit.codes == [.interpreterMissing, .libraryMissing])
        }
    }
}

import Archive
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
        "what the kernel can't start is said; a shell would take a text for a script",
        arguments: [
            ("no first line of a script\n", ["/start"], true), ("", ["/start"], true),
            ("MZ a program", ["/start"], true),
            ("#!/usr/bin/agent\n", ["/start"], false), ("exec agent\n", ["/usr/bin/agent", "-c", "/start"], false),
        ] as [(String, [String], Bool)]
    )
    func format(_ text: String, _ command: [String], _ isRefused: Bool) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.file("start", text, mode: 0o755) }
            image.execution = ["Cmd": .array(command.map { .string($0) })]
            let audit = try fixture.audit(image)
            #expect(audit.codes.contains(.entrypointNotExecutable) == isRefused)
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
            testDescription: "a script by way of env and its own rules",
            execution: ["Entrypoint": ["/odd.env"]],
            steps: ["command /odd.env", "script interpreter /usr/bin/env"]
        ),
        Way(
            testDescription: "a script by way of env with one word for two",
            execution: ["Entrypoint": ["/two.env"]],
            steps: ["command /two.env", "script interpreter /usr/bin/env"]
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
                layer.file("odd.env", "#!/usr/bin/env -S -u agent other\n", mode: 0o755)
                layer.file("two.env", "#!/usr/bin/env agent other\n", mode: 0o755)
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

    @Test("what env starts for a released script is its interpreter, too")
    func environmentInterpreter() throws {
        try AuditFixture.with { fixture in
            let script = "#!/bin/env python3\n"
            try KnownBaseTests.put(script, "script@1", in: fixture)
            var image = AuditFixture.image()
            image.layer { layer in
                layer.file("start", script, mode: 0o755)
                for name in ["env", "python3"] {
                    layer.file("bin/\(name)", TestProgram(code: name).bytes, mode: 0o755)
                }
            }
            image.execution = ["Cmd": ["/start"]]
            let found = try fixture.audit(image).allFindings.filter { $0.code == .interpreterUnknown }
            #expect(found.compactMap { $0.path?.description } == ["/bin/env", "/bin/python3"])
        }
    }

    @Test("a long way through links ends, and the audit says so")
    func linksHaveABudget() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.symbolicLink("s", to: String(repeating: "/", count: 400)) }
            let path = (0..<10_000).map { "/s/\($0)" }.joined(separator: ":")
            image.execution = ["Cmd": ["start"], "Env": .array([.string("PATH=" + path)])]
            let budget = WorkBudget()
            try budget.take((8 << 20) - 100_000, .steps)
            let audit = try fixture.audit(image) { $0.budget = budget }
            #expect(audit.verdict == .incomplete)
            #expect(audit.allFindings.contains { $0.code == .limit && $0.message.contains("symbolic links") })
        }
    }
}

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

    /// Two files for one word, of which an engine may take the second: execution, places, modes of directories.
    struct Choice: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var execution: [String: JSONValue]
        var first = "a/start"
        var second: String? = "b/start"
        var mode = 0o755
        var directoryMode = 0o755
        var isSame = false
        var isUnclear = true
        var passwd: String?
        var etc: String?
        var linkMode: Int?
        var link: (path: String, target: String)?
    }

    static let choices = [
        Choice(
            testDescription: "a relative directory of the PATH",
            execution: ["Cmd": ["start"], "Env": ["PATH=a:/b"]]
        ),
        Choice(
            testDescription: "an empty directory of the PATH is the working directory",
            execution: ["Cmd": ["start"], "Env": ["PATH=:/b"], "WorkingDir": "/a"]
        ),
        Choice(
            testDescription: "a relative directory behind the one that has it",
            execution: ["Cmd": ["start"], "Env": ["PATH=/b:a"]],
            isUnclear: false
        ),
        Choice(
            testDescription: "a relative directory with the same file",
            execution: ["Cmd": ["start"], "Env": ["PATH=a:/b"]],
            isSame: true,
            isUnclear: false
        ),
        Choice(
            testDescription: "a relative directory alone",
            execution: ["Cmd": ["start"], "Env": ["PATH=a"]],
            isUnclear: false
        ),
        Choice(
            testDescription: "a directory that the user can't enter",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "User": "1000"],
            directoryMode: 0o700
        ),
        Choice(
            testDescription: "a directory that a group can't enter",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "User": "agent"],
            directoryMode: 0o705
        ),
        Choice(
            testDescription: "a directory that its owner enters",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"]],
            directoryMode: 0o700,
            isUnclear: false
        ),
        Choice(
            testDescription: "a file that the user can't execute",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "User": "1000:0"],
            mode: 0o744
        ),
        Choice(
            testDescription: "the usual modes",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "User": "1000"],
            isUnclear: false
        ),
        Choice(
            testDescription: "a directory that some engines mount over",
            execution: ["Cmd": ["start"], "Env": ["PATH=/run/a:/b"]],
            first: "run/a/start"
        ),
        Choice(
            testDescription: "a volume, over which some engines mount an empty directory",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "Volumes": ["/a": [:]]]
        ),
        Choice(
            testDescription: "a volume above the directory",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a/bin:/b"], "Volumes": ["/a/": [:]]],
            first: "a/bin/start"
        ),
        Choice(
            testDescription: "another volume",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "Volumes": ["/data": [:], "/a/data": [:]]],
            isUnclear: false
        ),
        Choice(
            testDescription: "a file that engines put one of their own over",
            execution: ["Cmd": ["hostname"], "Env": ["PATH=/etc:/b"]],
            first: "etc/hostname",
            second: "b/hostname"
        ),
        Choice(
            testDescription: "a file of which Docker makes a link to /proc/mounts",
            execution: ["Cmd": ["mtab"], "Env": ["PATH=/etc:/b"]],
            first: "etc/mtab",
            second: "b/mtab"
        ),
        Choice(
            testDescription: "a link at /etc, of which Docker makes a directory",
            execution: ["Cmd": ["start"], "Env": ["PATH=/etc/a:/b"]],
            first: "opt/etc/a/start",
            etc: "opt/etc"
        ),
        Choice(
            testDescription: "a file from which a hard link takes the executable bit",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"]],
            linkMode: 0o644
        ),
        Choice(
            testDescription: "a file from which a hard link takes another bit",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"]],
            isUnclear: false,
            linkMode: 0o555
        ),
        Choice(
            testDescription: "a link at /run, which containerd follows with its mount",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"]],
            link: ("run", "a")
        ),
        Choice(
            testDescription: "a link at /dev, which runtimes follow with theirs",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"]],
            link: ("dev", "/a")
        ),
        Choice(
            testDescription: "a link at /etc/hosts to the program",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"]],
            link: ("etc/hosts", "/a/start")
        ),
        Choice(
            testDescription: "a link at the journal's directory",
            execution: ["Cmd": ["start", "systemd"], "Env": ["PATH=/a:/b"]],
            link: ("var/log/journal", "/a")
        ),
        Choice(
            testDescription: "a link at /var/run, as usual",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"]],
            isUnclear: false,
            link: ("var/run", "/run")
        ),
        Choice(
            testDescription: "that directory alone",
            execution: ["Cmd": ["start"], "Env": ["PATH=/run/a"]],
            first: "run/a/start",
            isUnclear: false
        ),
        Choice(
            testDescription: "a path through what /proc has",
            execution: ["Entrypoint": ["/proc/self/root/b/start"]],
            first: "proc/self/root/b/start"
        ),
        Choice(
            testDescription: "a path through what /proc has, which the image hasn't",
            execution: ["Entrypoint": ["/proc/self/root/b/start"]]
        ),
        Choice(
            testDescription: "a directory of the PATH below /dev",
            execution: ["Cmd": ["start"], "Env": ["PATH=/dev/a:/b"]],
            first: "dev/a/start",
            second: nil
        ),
        Choice(
            testDescription: "a link of the image to /proc",
            execution: ["Cmd": ["/link"]],
            first: "proc/self/root/b/start"
        ),
        Choice(
            testDescription: "root, whom the image gives another number",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "User": "root"],
            directoryMode: 0o700,
            passwd: "root:x:2000:2000::/:/bin/sh\n"
        ),
        Choice(
            testDescription: "root, as usual",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a:/b"], "User": "root"],
            directoryMode: 0o700,
            isUnclear: false,
            passwd: "root:x:0:0::/:/bin/sh\n"
        ),
        Choice(
            testDescription: "a word that begins with a dot",
            execution: ["Cmd": [".start"], "Env": ["PATH=/b"], "WorkingDir": "/a"],
            first: "a/.start",
            second: "b/.start"
        ),
        Choice(
            testDescription: "two dots behind a link in the PATH",
            execution: ["Cmd": ["start"], "Env": ["PATH=/up/../a"]],
            first: "opt/a/start",
            second: "a/start"
        ),
        Choice(
            testDescription: "two dots behind a link in the working directory",
            execution: ["Cmd": ["./a/start"], "WorkingDir": "/up/.."],
            first: "opt/a/start",
            second: "a/start"
        ),
        Choice(
            testDescription: "two dots behind a directory",
            execution: ["Cmd": ["start"], "Env": ["PATH=/b/../a"]],
            isUnclear: false
        ),
        Choice(
            testDescription: "a directory that is mounted over for systemd",
            execution: ["Cmd": ["/bin/sh", "-c", "exec systemd"], "Env": ["PATH=/tmp:/b"]],
            first: "tmp/systemd",
            second: "b/systemd"
        ),
        Choice(
            testDescription: "the same directory, and another command",
            execution: ["Cmd": ["start"], "Env": ["PATH=/tmp:/b"]],
            first: "tmp/start",
            isUnclear: false
        ),
        Choice(
            testDescription: "a home directory in the PATH of a shell",
            execution: ["Cmd": ["/bin/sh", "-c", "exec start"], "Env": ["PATH=~/a:/b"]]
        ),
        Choice(
            testDescription: "functions in the PATH of a shell",
            execution: ["Cmd": ["/bin/sh", "-c", "exec start"], "Env": ["PATH=/x%func:/b"]]
        ),
        Choice(
            testDescription: "such a PATH, and a path",
            execution: ["Cmd": ["/bin/sh", "-c", "exec /b/start"], "Env": ["PATH=/x%func:/b"]],
            isUnclear: false
        ),
        Choice(
            testDescription: "an empty name in the PATH, which is the root to some",
            execution: ["Cmd": ["start"], "Env": ["PATH=:/x"], "WorkingDir": "/b"],
            first: "start"
        ),
        Choice(
            testDescription: "a PATH without a value",
            execution: ["Cmd": ["start"], "Env": ["PATH=/a", "PATH"]]
        ),
        Choice(
            testDescription: "a script's interpreter behind a link to /proc",
            execution: ["Cmd": ["/linked"]],
            first: "proc/self/root/b/start"
        ),
        Choice(
            testDescription: "a shell's command",
            execution: ["Cmd": ["/bin/sh", "-c", "exec start"], "Env": ["PATH=a:/b"]]
        ),
        Choice(
            testDescription: "what a script has env start",
            execution: ["Cmd": ["/script"], "Env": ["PATH=:/b"], "WorkingDir": "/a"]
        ),
    ]

    @Test("where engines start different files there is no verdict, nor in what was recorded", arguments: choices)
    func choice(_ choice: Choice) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { layer in
                let first = choice.first.split(separator: "/").dropLast()
                for count in first.indices {
                    layer.directory(first.prefix(count + 1).joined(separator: "/"), mode: choice.directoryMode)
                }
                layer.file(choice.first, Self.agent, mode: choice.mode)
                if let second = choice.second {
                    layer.file(second, choice.isSame ? Self.agent : TestProgram(code: "other").bytes, mode: 0o755)
                }
                layer.file("bin/sh", Self.shell, mode: 0o755)
                layer.file("script", "#!/bin/env start\n", mode: 0o755)
                if let mode = choice.linkMode { layer.add("other", "1", link: choice.first, mode: mode) }
                if let (path, target) = choice.link { layer.symbolicLink(path, to: target) }
                if let target = choice.etc { layer.symbolicLink("etc", to: target) }
                layer.symbolicLink("link", to: "proc/self/root/b/start")
                layer.file("linked", "#!/link\n", mode: 0o755)
                layer.directory("opt/x")
                layer.symbolicLink("up", to: "opt/x")
                if let passwd = choice.passwd { layer.file("etc/passwd", passwd) }
            }
            image.execution = choice.execution
            let audit = try fixture.audit(image)
            #expect(audit.codes.contains(.unclearCommand) == choice.isUnclear)
            #expect((audit.verdict == .ambiguous) == choice.isUnclear)
            try fixture.store.recordAudit(AuditRecord(audit))
            let digest = try #require(audit.digest)
            #expect(try PullGate(store: fixture.store).evaluate(digest).isAllowed == !choice.isUnclear)
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

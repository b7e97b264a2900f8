import ArtifactStore
import ContentAddress
import ImageAuditor
import OCI
import TestSupport
import Testing

/// What a config has a shell do, in its command, behind a released program, and as its health check.
@Suite struct ShellTextTests {
    private static let script = "agent --of-a-script\n"
    private static let said: Set<FindingCode> = [
        .shellText, .healthCheckUnknown, .environmentCode, .unclearCommand, .entrypointUnknown, .noEntrypoint,
    ]

    private static func codes(_ execution: [String: JSONValue]) throws -> Set<FindingCode> {
        var codes: Set<FindingCode> = []
        try AuditFixture.with { fixture in
            // An unknown shell is something else than a released program that is started first.
            let base = TestImage { layer in
                for name in ["bin/sh", "bin/busybox", "bin/wget", "bin/env", "bin/bash", "bin/zsh", "bin/mksh"] {
                    layer.file(name, TestProgram(code: name).bytes, mode: 0o755)
                }
                layer.symbolicLink("bin/ash", to: "busybox")
            }
            try KnownBaseTests.take(base, "base:1", marked: true, in: fixture)
            var image = AuditFixture.image()
            image.layers.insert(contentsOf: base.layers, at: 0)
            image.layer { layer in
                layer.file("etc/script", script, mode: 0o644)
                layer.file("opt/unknown", TestProgram(code: "unknown").bytes, mode: 0o755)
                for name in ["nc", "realpath"] { layer.symbolicLink("usr/bin/\(name)", to: "agent") }
            }
            image.execution = execution
            let audit = try fixture.audit(image)
            codes = Set(audit.allFindings.map(\.code))
            // What was recorded says the same when another of its files is released.
            try fixture.store.recordAudit(AuditRecord(audit))
            try KnownBaseTests.put(Self.script, "script@1", in: fixture)
            let item = try #require(try Reaudit(store: fixture.store).run().first)
            guard case .changed(let again) = item.outcome else {
                Issue.record("\(item.outcome)")
                return
            }
            #expect(codes.intersection(Self.said) == Set(again.allFindings.map(\.code)).intersection(Self.said))
        }
        return codes
    }

    @Test(
        "a text that starts the released program and nothing else",
        arguments: [
            "agent", " exec agent --flag \n", "A=1 B=\"$C\" exec /usr/bin/agent \"$@\"", "exec agent 2>&1",
            "agent >/log 2>&1 <&-",
            "</etc/ca.pem agent", ">/x agent", "2>/log exec agent", "exec 3</etc/ca.pem agent", "exec ag\\\nent",
            "exec \"ag\\\nent\"",
            "agent 'a;b' \"c|d\" e\\;f", "agent ${PORT:-8080} \"${NAME}\" $1", "'agent' *.conf ~/x {a,b}",
        ]
    )
    func simple(_ text: String) throws {
        let codes = try Self.codes(["Cmd": ["/bin/sh", "-c", .string(text)]])
        #expect(codes.isDisjoint(with: [.shellText, .entrypointUnknown]), "\(codes)")
    }

    @Test(
        "a text that starts it, and may start something else",
        arguments: [
            "agent; echo evil", "agent & echo evil", "agent && evil", "agent || evil", "agent | sh", "agent\necho evil",
            "agent $(evil)", "agent `evil`", "agent \"$(evil)\"", "agent \"`evil`\"", "agent <(evil)",
            "PATH=/evil agent",
            "LD_PRELOAD=/evil.so agent", "agent $'a\\'b' ; evil '", "agent \"${x:-\"'\"}\" ; evil ; '", "agent ${x@P}",
            "agent \"$[x]\"", "agent 2>&1&evil", "agent >&evil", "ENV=/evil exec agent",
        ]
    )
    func further(_ text: String) throws {
        let codes = try Self.codes(["Cmd": ["/bin/sh", "-c", .string(text)]])
        #expect(codes.contains(.shellText), "\(codes)")
        #expect(!codes.contains(.entrypointUnknown))
    }

    @Test(
        "a command in which no released program is started first",
        arguments: [
            ["/bin/sh", "-c", "echo agent"], ["/bin/sh", "-c", "cd /; agent"], ["/bin/sh", "-c", "$X agent"],
            ["/bin/sh", "-c", "exec -a y agent"], ["/bin/sh", "-c", "coproc agent"],
            ["/bin/sh", "-c", ""], ["/bin/sh", "/etc/script", "-c", "agent"],
            ["/bin/busybox", "echo", "evil", "-c", "agent"], ["/bin/busybox", "wget", "-c", "agent"],
            ["/bin/wget", "-c", "agent"], ["/bin/sh", "agent"], ["/bin/sh", "--", "-c", "agent"],
            ["/bin/sh", "+c", "agent"],
        ]
    )
    func unknown(_ command: [String]) throws {
        let codes = try Self.codes(["Entrypoint": .array(command.map { .string($0) })])
        #expect(codes.contains(.entrypointUnknown), "\(codes)")
    }

    @Test(
        "shells take their options before the first operand, and go by the name they are started by",
        arguments: [
            ["/bin/sh", "-ec", "agent"], ["/bin/sh", "-e", "-o", "pipefail", "-c", "agent"],
            ["/bin/sh", "-eo", "pipefail", "-c", "agent"],
            ["/bin/busybox", "sh", "-c", "agent"], ["/bin/ash", "-c", "agent"],
            ["/bin/sh", "--rcfile", "/x", "-c", "agent"],
            ["/bin/sh", "-c", "-f", "agent"],
        ]
    )
    func options(_ command: [String]) throws {
        let codes = try Self.codes(["Entrypoint": .array(command.map { .string($0) })])
        #expect(codes.isDisjoint(with: [.shellText, .entrypointUnknown]), "\(codes)")
    }

    @Test(
        "what a shell takes for no command, or for another one",
        arguments: [
            "</usr/bin/agent /bin/wget", ">/log /opt/unknown", "2</usr/bin/agent wget", "\"exec\" wget",
            "\\exec /opt/unknown",
            "exec \"/usr/bin\\/agent\"", "a+=agent wget",
        ]
    )
    func another(_ text: String) throws {
        let codes = try Self.codes(["Cmd": ["/bin/sh", "-c", .string(text)]])
        #expect(codes.contains(.entrypointUnknown), "\(codes)")
    }

    @Test(
        "what a shell makes of a text beside starting its command",
        arguments: [
            "agent ${LD_PRELOAD:=/x}", "agent $\"hello\"", "PYTHONPATH=/x agent", "agent <<x", "agent <<<x", "agent >",
            "PS4=x agent",
        ]
    )
    func beside(_ text: String) throws {
        let codes = try Self.codes(["Cmd": ["/bin/sh", "-c", .string(text)]])
        #expect(codes.contains(.shellText), "\(codes)")
    }

    @Test(
        "options by which a shell runs something before the text",
        arguments: [
            ["/bin/sh", "-lc", "exec agent"], ["/bin/sh", "--login", "-c", "agent"], ["/bin/sh", "-ic", "agent"],
            ["/bin/sh", "-xc", "agent"], ["/bin/sh", "-o", "xtrace", "-c", "agent"], ["/bin/sh", "-c", "-x", "agent"],
        ]
    )
    func before(_ command: [String]) throws {
        let codes = try Self.codes(["Entrypoint": .array(command.map { .string($0) })])
        #expect(codes.contains(.shellText), "\(codes)")
    }

    @Test(
        "a shell may have a command of the name itself",
        arguments: [
            (["/bin/sh", "-c", "exec nc"], true), (["/bin/ash", "-c", "nc -l"], true),
            (["/bin/busybox", "sh", "-c", "nc"], true),
            (["/bin/sh", "-c", "/usr/bin/nc"], false), (["/bin/bash", "-c", "exec nc"], false),
            (["/bin/mksh", "-c", "realpath /"], true), (["/bin/mksh", "-c", "nc"], false),
        ] as [([String], Bool)]
    )
    func own(_ command: [String], _ isOwn: Bool) throws {
        let codes = try Self.codes(["Entrypoint": .array(command.map { .string($0) })])
        #expect(codes.contains(.entrypointUnknown) == isOwn, "\(codes)")
    }

    @Test("zsh runs files before any text")
    func zsh() throws {
        #expect(try Self.codes(["Entrypoint": ["/bin/zsh", "-c", "exec agent"]]).contains(.shellText))
    }

    @Test("a shell that nobody knows is something else that is started first")
    func unknownShell() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.file("bin/sh", TestProgram(code: "sh").bytes, mode: 0o755) }
            image.execution = ["Cmd": ["/bin/sh", "-c", "exec agent"]]
            let codes = try fixture.audit(image).codes
            #expect(codes.contains(.entrypointUnknown))
        }
    }

    @Test("a shell's text behind a released program is looked at")
    func behind() throws {
        #expect(try Self.codes(["Entrypoint": ["/usr/bin/agent", "--", "/bin/sh", "-c", "evil"]]).contains(.shellText))
        #expect(
            try Self.codes(["Entrypoint": ["/usr/bin/agent"], "Cmd": ["sh", "-c", "agent; evil"]]).contains(.shellText)
        )
        #expect(try !Self.codes(["Entrypoint": ["/usr/bin/agent", "sh", "-c", "exec agent"]]).contains(.shellText))
        #expect(try !Self.codes(["Entrypoint": ["/usr/bin/agent", "-c", "/etc/agent.json"]]).contains(.shellText))
        #expect(try Self.codes(["Entrypoint": ["/usr/bin/agent", "--", "/opt/unknown"]]).contains(.shellText))
        // A base's program, the agent itself, and what can't be started.
        for word in ["wget", "/usr/bin/nc", "/etc/script", "/opt"] {
            #expect(try !Self.codes(["Entrypoint": ["/usr/bin/agent", .string(word)]]).contains(.shellText), "\(word)")
        }
    }

    @Test("a library that nobody knows, by the name of one of the base's, is loaded into the base's shell")
    func libraries() throws {
        let directory = "lib/x86_64-linux-gnu"
        for (path, command, variables, isSaid) in [
            ("\(directory)/glibc-hwcaps/x86-64-v2/libtinfo.so.6", ["/bin/bash", "-c", "exec agent"], [], true),
            ("\(directory)/libother.so.1", ["/bin/bash", "-c", "exec agent"], [], false),
            ("v/libother.so.1", ["/bin/bash", "-c", "exec agent"], ["LD_LIBRARY_PATH=/v"], true),
            ("usr/lib64/libtinfo.so.6", ["/script"], [], true), ("srv/libtinfo.so.6", ["/script"], [], false),
            ("\(directory)/glibc-hwcaps/x86-64-v2/libtinfo.so.6", ["agent"], [], false),
        ] as [(String, [String], [JSONValue], Bool)] {
            try AuditFixture.with { fixture in
                let base = TestImage { layer in
                    layer.file("bin/bash", TestProgram(code: "bash").bytes, mode: 0o755)
                    layer.file("\(directory)/libtinfo.so.6", TestProgram(code: "tinfo").bytes)
                }
                try KnownBaseTests.take(base, "base:1", marked: true, in: fixture)
                try KnownBaseTests.put("#!/bin/bash\n", "script@1", in: fixture)
                var image = AuditFixture.image()
                image.layers.insert(contentsOf: base.layers, at: 0)
                image.layer { layer in
                    layer.file(path, TestProgram(code: "evil").bytes)
                    layer.file("script", "#!/bin/bash\n", mode: 0o755)
                }
                image.execution = [
                    "Entrypoint": .array(command.map { .string($0) }), "Env": .array(variables + ["PATH=/usr/bin"]),
                ]
                let codes = try fixture.audit(image).codes
                #expect(codes.contains(.libraryUnknown) == isSaid, "\(path) \(command)")
            }
        }
    }

    /// A thousand shells, and a PATH of twenty thousand directories.
    @Test(.timeLimit(.minutes(1))) func wordsAreLookedForOnce() throws {
        let path = "PATH=" + (0..<20_000).map { "/\($0)" }.joined(separator: ":")
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            let shells = (0..<20_000).flatMap { _ in ["sh", "-c", "x"] }
            image.execution = [
                "Entrypoint": ["/usr/bin/agent"], "Cmd": .array(shells.map { .string($0) }), "Env": [.string(path)],
            ]
            let codes = try fixture.audit(image).codes
            #expect(!codes.contains(.shellText))
            let others = (0..<100).flatMap { ["busybox\($0)", "sh", "-c", "x"] }
            image.execution["Cmd"] = .array(others.map { .string($0) })
            // What isn't looked for isn't passed.
            let further = try fixture.audit(image).codes
            #expect(further.contains(.shellText))
        }
    }

    @Test("an Entrypoint of one empty word is left out by Docker, and refused by others")
    func emptyEntrypoint() throws {
        #expect(try Self.codes(["Entrypoint": [""], "Cmd": ["/bin/sh", "-c", "evil"]]).contains(.unclearCommand))
        #expect(try Self.codes(["Entrypoint": [""]]).contains(.noEntrypoint))
    }

    @Test(
        "the health check is a command, too, for engines that have health checks",
        arguments: [
            (["CMD-SHELL", "evil"], true), (["CMD-SHELL", "agent --probe"], false),
            (["CMD-SHELL", "agent || exit 1"], true),
            (["CMD", "agent", "--probe"], false), (["CMD", "/bin/wget", "http://localhost"], true),
            (["CMD", "/bin/sh", "-c", "evil"], true), (["CMD", "nothing"], true), (["NONE"], false), ([], false),
            (["CMD"], false),
        ] as [([String], Bool)]
    )
    func health(_ test: [String], _ isUnknown: Bool) throws {
        let check: JSONValue = .object(["Test": .array(test.map { .string($0) })])
        let codes = try Self.codes(["Entrypoint": ["/usr/bin/agent"], "Healthcheck": check])
        #expect(codes.contains(.healthCheckUnknown) == isUnknown)
    }

    @Test("variables that shells and interpreters run, or load code from, are named")
    func environment() throws {
        for entry in [
            "BASH_ENV=/evil", "BASH_FUNC_x%%=() { evil; }", "PYTHONPATH=/evil", "GCONV_PATH=/evil",
            "SSH_CLIENT=1", "ZDOTDIR=/evil", "OPENSSL_CONF=/evil", "LD_TRACE_LOADED_OBJECTS=", "LD_DEBUG_OUTPUT=/x",
        ] {
            let codes = try Self.codes(["Entrypoint": ["/usr/bin/agent"], "Env": [.string(entry)]])
            #expect(codes.contains(.environmentCode), "\(entry)")
        }
        let codes = try Self.codes([
            "Entrypoint": ["/usr/bin/agent"], "Env": ["BASH_ENV=", "PATH=/usr/bin", "LANG=C", "LD_BIND_NOW=1"],
        ])
        #expect(!codes.contains(.environmentCode))
    }
}

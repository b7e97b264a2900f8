import Archive
import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import OCI
import TestSupport
import Testing

/// What engines start for a command where they look for it in different places.
@Suite struct CommandDoubtTests {
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
                layer.file(choice.first, EntrypointTests.agent, mode: choice.mode)
                if let second = choice.second {
                    let bytes = choice.isSame ? EntrypointTests.agent : TestProgram(code: "other").bytes
                    layer.file(second, bytes, mode: 0o755)
                }
                layer.file("bin/sh", EntrypointTests.shell, mode: 0o755)
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
}

import ArtifactStore
import ContentAddress
import ImageAuditor
import ImageFileSystem
import OCI
import Release
import TestSupport
import Testing

@Suite struct PolicyTests {
    @Test func readsEveryRule() throws {
        let policy = try Policy(
            parsing: """
                ---
                # what we ship
                verdict: exact   # and nothing else
                bases: []
                allow-paths:
                  - /etc/passwd
                  - "/var/lib/**"
                deny-paths: [/bin/sh, '/tmp/*']
                deny-findings:
                - BND030
                ignore:
                  - code: BND030
                    path: /bin/su
                    reason: needed
                    until: 2026-12-31
                set-id: refused
                linkage: static
                minimum-versions:
                  team/agent: v1.2.0
                releases: [team/agent]
                platforms: [linux/amd64, linux/aarch64]
                """
        )
        #expect(policy.verdict == .exact)
        #expect(policy.bases == [])
        #expect(policy.allowedPaths.map(\.description) == ["/etc/passwd", "/var/lib/**"])
        #expect(policy.deniedPaths.map(\.description) == ["/bin/sh", "/tmp/*"])
        #expect(policy.deniedFindings == [.setID])
        let ignored = try #require(policy.ignoredFindings.first)
        #expect(ignored.code == .setID && ignored.path?.description == "/bin/su" && ignored.reason == "needed")
        #expect(ignored.end == Timestamp(rfc3339: "2027-01-01T00:00:00Z"))
        #expect(policy.refusesSetID)
        #expect(policy.staticOnly)
        #expect(policy.minimumVersions == [try RepositoryName(parsing: "team/agent"): try Version(parsing: "1.2.0")])
        #expect(policy.platforms.map(\.description) == ["linux/amd64", "linux/arm64"])
        #expect(try Policy(parsing: "# nothing\n\n") == Policy())
    }

    @Test(arguments: [
        ("verdict: unknown", 1), ("verdict: exact\nverdict: exact", 1), ("verdicts: exact", 1), ("set-id: maybe", 1),
        ("\n\nbases: [sha256:abc]", 3), ("platforms: linux/amd64", 1), ("platforms:", 1), ("- a", 1),
        ("allow-paths:\n\t- /x", 2), ("allow-paths: &a [x]", 1), ("allow-paths: [a", 2), ("deny-findings: [BND999]", 1),
        ("minimum-versions: [a]", 1), ("allow-paths:\n  - &a x\n  - *a", 2), ("verdict: exact\n  x: y", 2),
        ("deny-findings: [BND033]\nignore: [BND033]", 2), ("ignore:\n- code: BND033\n  reason: x", 2),
        ("deny-findings: [BND033]\nignore:\n- code: BND033", 3),
        ("deny-findings: [BND033]\nignore:\n- {code: BND033, reason: x, until: 2026-02-30}", 3),
        ("deny-findings: [BND033]\nignore:\n- {code: BND033, reason: x, until: tomorrow}", 3),
        ("deny-findings: [BND033]\nignore:\n- {code: BND033, reason: x, why: y}", 3),
        ("verdict: exact\n---\nverdict: exact", 2), ("? [a]\n: b", 1),
        ("allow-paths: [a&b]\nx: |\n  \"\ny: &d x", 4), ("verdict: \"\\q\"", 1),
        ("deny-paths:\n- /usr/", 2), ("allow-paths:\n- /ok\n- \"\"", 3), ("minimum-versions:\n  agent: abc", 2),
        (String(repeating: "[", count: 200_000), 1), (String(repeating: "- ", count: 100_000), 1),
    ])
    func refusesWhatItDoesNotKnowWithItsLine(text: String, line: Int) {
        let error = #expect(throws: PolicyError.self) { try Policy(parsing: text) }
        #expect(error?.line == line, "\(error.map { "\($0)" } ?? "")")
    }

    @Test(arguments: [
        ("/etc/*", "/etc/passwd", true), ("/etc/*", "/etc/ssl/x", false), ("/etc/**", "/etc/ssl/x", true),
        ("etc/p?sswd", "/etc/passwd", true), ("/e?c", "/e/c", false), ("/**/x", "/a/b/x", true),
        ("/**/*.so", "/a/b.so/c", false),
        ("/a*b*c", "/axxbyyc", true), ("/a*b*c", "/axxbyy", false), ("/**", "/any/thing", true), ("/a", "/a/b", false),
        ("/**a/*b", "/x/a/y/a/b", true),
    ])
    func globsStayWithinNamesUnlessTold(pattern: String, path: String, fits: Bool) {
        #expect(PathPattern(pattern).matches(FilePath(path)) == fits)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let policy: String
        /// The words that the findings begin with; none when the image meets the policy.
        let broken: [String]
    }

    // The image has agent 1.2.3, a bundle, and /etc/motd with a set-id bit.
    static let cases = [
        Case(testDescription: "contains", policy: "verdict: contains", broken: []),
        Case(testDescription: "exact", policy: "verdict: exact", broken: ["verdict"]),
        Case(testDescription: "exact but for a path", policy: "verdict: exact\nallow-paths: [/etc/*]", broken: []),
        Case(testDescription: "a denied path", policy: "deny-paths: [/etc/motd]", broken: ["deny-paths"]),
        Case(testDescription: "a denied finding", policy: "deny-findings: [BND030]", broken: ["deny-findings"]),
        Case(
            testDescription: "a denied finding that is accepted",
            policy: "deny-findings: [BND030]\nignore:\n- {code: BND030, path: /etc/*, reason: x, until: 1970-01-01}",
            broken: []
        ),
        Case(
            testDescription: "one that is accepted elsewhere",
            policy: "deny-findings: [BND030]\nignore:\n- {code: BND030, path: /bin/*, reason: x}",
            broken: ["deny-findings"]
        ),
        Case(
            testDescription: "one that was accepted up to a day",
            policy: "deny-findings: [BND030]\nignore:\n- {code: BND030, reason: x, until: 1969-12-31}",
            broken: ["deny-findings"]
        ),
        Case(
            testDescription: "set-id that is accepted",
            policy: "set-id: refused\nignore: [{code: BND030, path: /etc/motd, reason: x}]",
            broken: []
        ),
        Case(testDescription: "no set-id", policy: "set-id: refused", broken: ["set-id"]),
        Case(testDescription: "static", policy: "linkage: static", broken: []),
        Case(testDescription: "new enough", policy: "minimum-versions:\n  agent: 1.2.3", broken: []),
        Case(testDescription: "too old", policy: "minimum-versions:\n  agent: 1.3.0", broken: ["minimum-versions"]),
        Case(testDescription: "a release", policy: "releases: [agent]", broken: []),
        Case(testDescription: "another release", policy: "releases: [server]", broken: ["releases"]),
        Case(testDescription: "platforms", policy: "platforms: [linux/amd64, linux/arm64]", broken: ["platforms"]),
    ]

    @Test(arguments: cases)
    func eachRuleIsHeld(_ rule: Case) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.file("etc/motd", "hello", mode: 0o4755) }
            let audit = try fixture.audit(image).held(to: Policy(parsing: rule.policy), store: fixture.store)
            let broken = audit.allFindings.filter { $0.code == .policy }.map { String($0.message.prefix { $0 != ":" }) }
            #expect(broken == rule.broken)
            #expect(audit.verdict == .contains)
        }
    }

    @Test func whatIsAcceptedForATimeIsRefusedAfterIt() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layer { $0.file("etc/motd", "hello", mode: 0o4755) }
            let text = "deny-findings: [BND030]\nignore:\n- {code: BND030, reason: ticket 1, until: 1970-01-02}"
            let audit = try fixture.audit(image).held(to: Policy(parsing: text), store: fixture.store, text: text)
            #expect(audit.isAcceptable(exact: false))
            try fixture.store.recordAudit(AuditRecord(audit))
            let digest = try #require(audit.digest)
            #expect(try PullGate(store: fixture.store).evaluate(digest).isAllowed)
            #expect(try Reaudit(store: fixture.store).run().allSatisfy { $0.isAcceptable(exact: false) })
            let later = StoreOptions(actor: "test", now: { Timestamp(milliseconds: 2 * 86_400_000) })
            let store = try Store(at: fixture.directory + "/store", options: later)
            let answer = try PullGate(store: store).evaluate(digest)
            #expect(!answer.isAllowed && answer.reason.contains("it was accepted until 1970-01-02: ticket 1"))
            #expect(try Reaudit(store: store).run().allSatisfy { !$0.isAcceptable(exact: false) })
        }
    }

    @Test func onlyAllowedBasesMayLieBelow() throws {
        try AuditFixture.with { fixture in
            let base = TestImage { $0.file("bin/sh", TestProgram(code: "shell").bytes, mode: 0o755) }
            try base.write(layout: fixture.directory + "/base")
            var image = AuditFixture.image()
            image.layers.insert(base.layers[0], at: 0)
            let known = try KnownBase.read("oci:\(fixture.directory)/base")
            let audit = try fixture.audit(image) { $0.bases = known }
            for (text, count) in [("bases: [\(known[0].digest)]", 0), ("bases: []", 1), ("verdict: exact", 0)] {
                let held = try audit.held(to: Policy(parsing: text), store: fixture.store)
                #expect(held.allFindings.count { $0.code == .policy } == count, "\(text)")
            }
        }
    }
}

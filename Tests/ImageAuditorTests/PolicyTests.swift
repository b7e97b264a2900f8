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
        ("verdict: exact\n---\nverdict: exact", 2), ("? [a]\n: b", 1),
        ("allow-paths: [a&b]\nx: |\n  \"\ny: &d x", 4), ("verdict: \"\\q\"", 1),
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

    @Test func onlyAllowedBasesMayLieBelow() throws {
        try AuditFixture.with { fixture in
            let base = TestImage { $0.file("bin/sh", TestProgram(code: "shell").bytes, mode: 0o755) }
            try base.write(layout: fixture.folder + "/base")
            var image = AuditFixture.image()
            image.layers.insert(base.layers[0], at: 0)
            let known = try KnownBase.read("oci:\(fixture.folder)/base")
            let audit = try fixture.audit(image) { $0.bases = known }
            for (text, count) in [("bases: [\(known[0].digest)]", 0), ("bases: []", 1), ("verdict: exact", 0)] {
                let held = try audit.held(to: Policy(parsing: text), store: fixture.store)
                #expect(held.allFindings.count { $0.code == .policy } == count, "\(text)")
            }
        }
    }
}

import SBOM
import Testing

@Suite struct AdvisoryTests {
    @Test(arguments: [
        ("v0.37.0", true), ("v0.38.0", false), ("v0.38.0-rc.1", true), ("v0.38.0+incompatible", false),
        ("v1.0.0", true), ("v1.1.0", true), ("v1.1.1", false), ("v0.0.0-20230101000000-abcdefabcdef", true),
    ])
    func rangesOfSemanticVersions(_ version: String, _ isAffected: Bool) throws {
        let matches = try Self.matches(
            ProgramModule(.go, "golang.org/x/net", version: version),
            #"[{"introduced":"0"},{"fixed":"0.38.0"},{"introduced":"1.0.0"},{"last_affected":"1.1.0"}]"#
        )
        #expect(try #require(matches).isEmpty != isAffected)
    }

    @Test func matchesNameWhatIsFixed() throws {
        let module = ProgramModule(.go, "golang.org/x/net", version: "v0.37.0")
        let match = try #require(try Self.matches(module, #"[{"introduced":"0"},{"fixed":"0.38.0"}]"#)?.first)
        #expect(match.identifier == "GO-2025-3595")
        #expect(match.aliases == ["CVE-2025-22872"])
        #expect(match.fixed == ["0.38.0"])
    }

    @Test(arguments: [
        ("go1.22.4", true), ("go1.22.5", false), ("go1.22rc1", true), ("go1.22.5 X:boringcrypto", false),
        ("go1.21", true),
    ])
    func theStandardLibraryHasGoVersions(_ version: String, _ isAffected: Bool) throws {
        let matches = try Self.matches(
            ProgramModule(.go, ProgramModule.standardLibrary, version: version),
            #"[{"introduced":"0"},{"fixed":"1.22.5"}]"#,
            name: "stdlib"
        )
        #expect(try #require(matches).isEmpty != isAffected)
    }

    @Test(arguments: [
        (InstalledPackage.Kind.deb, "ID=debian\nVERSION_ID=12", "Debian:12", "2.36-9+deb12u3", true),
        (.deb, "ID=debian\nVERSION_ID=12", "Debian:12", "2.36-9+deb12u4", false),
        (.apk, "ID=alpine\nVERSION_ID=3.20.3", "Alpine:v3.20", "2.36-r9", true),
        (.apk, "ID=alpine\nVERSION_ID=3.20.3", "Alpine:v3.20", "2.37_rc1-r0", false),
    ])
    func packagesAreComparedByTheirSource(
        _ kind: InstalledPackage.Kind,
        _ system: String,
        _ ecosystem: String,
        _ version: String,
        _ isAffected: Bool
    ) throws {
        var package = InstalledPackage(kind: kind, name: "libc6", version: "0-of-the-binary")
        (package.source, package.sourceVersion) = ("glibc", version)
        let fixed = kind == .deb ? "2.36-9+deb12u4" : "2.36.1-r0"
        let advisory = Self.advisory(ecosystem, "glibc", "ECOSYSTEM", #"[{"introduced":"0"},{"fixed":"\#(fixed)"}]"#)
        let database = try Self.database(advisory)
        let compared = try #require(ComparedPackage(package, in: OSRelease(Array(system.utf8))))
        let comparison = try #require(database.comparison(with: compared))
        #expect(comparison.matches.map(\.fixed) == (isAffected ? [[fixed]] : []))
    }

    @Test(arguments: ["ID=ubuntu\nVERSION_ID=22.04", "ID=debian", "ID=alpine\nVERSION_ID=3.21_alpha20240923"])
    func systemsWithoutAnEcosystemAreNotCompared(_ system: String) {
        for kind in [InstalledPackage.Kind.deb, .apk] {
            let package = InstalledPackage(kind: kind, name: "libc6", version: "1.0-r1")
            #expect(ComparedPackage(package, in: OSRelease(Array(system.utf8))) == nil)
        }
    }

    @Test func whatCannotBeComparedIsNotClean() throws {
        let module = ProgramModule(.go, "golang.org/x/net", version: "v0.1.0")
        let net = "golang.org/x/net"
        #expect(try Self.compare(module, #"[{"introduced":"not a version"}]"#)?.undecided == ["GO-2025-3595"])
        let commits =
            #"{"id":"GO-1","affected":[{"package":{"ecosystem":"Go","name":"golang.org/x/net"},"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]}]}"#
        let package = try #require(ComparedPackage(module))
        #expect(try Self.database(commits).comparison(with: package)?.undecided == ["GO-1"])
        let crate = try #require(ComparedPackage(ProgramModule(.crates, net, version: "0.1.0")))
        #expect(try Self.database(commits).comparison(with: crate) == nil)
        #expect(ComparedPackage(ProgramModule(.go, "a")) == nil)
        #expect(ComparedPackage(ProgramModule(.go, "a", version: "main")) == nil)
    }

    @Test func anUndecidedAdvisoryHidesNoOther() throws {
        let events = #"[{"introduced":"0"}]"#
        let known = Self.advisory("Go", "golang.org/x/net", "SEMVER", events)
        let odd = known.replacing(#""introduced":"0"}]}"#, with: #""introduced":"odd"}]}"#).replacing(
            "3595",
            with: "0001"
        )
        let package = try #require(ComparedPackage(ProgramModule(.go, "golang.org/x/net", version: "v0.1.0")))
        let comparison = try #require(Self.database("[\(odd),\(known)]").comparison(with: package))
        #expect(comparison.matches.map(\.identifier) == ["GO-2025-3595"])
        #expect(comparison.undecided == ["GO-2025-0001"])
    }

    @Test func aListedVersionIsAffected() throws {
        let advisory =
            #"{"id":"GO-1","affected":[{"package":{"ecosystem":"Go","name":"a"},"versions":["v1.0.0-odd"]}]}"#
        let database = try Self.database(advisory)
        for (version, isAffected) in [("v1.0.0-odd", true), ("v1.0.0", false)] {
            let package = try #require(ComparedPackage(ProgramModule(.go, "a", version: version)))
            #expect(database.comparison(with: package)?.matches.isEmpty == !isAffected)
        }
    }

    @Test func withdrawnAdvisoriesDoNotCount() throws {
        let text = Self.advisory("Go", "golang.org/x/net", "SEMVER", #"[{"introduced":"0"}]"#)
        let withdrawn = text.replacing("{\"id\"", with: "{\"withdrawn\":\"2025-01-01T00:00:00Z\",\"id\"")
        let package = try #require(ComparedPackage(ProgramModule(.go, "golang.org/x/net", version: "v0.1.0")))
        let comparison = try #require(Self.database("[\(withdrawn)]").comparison(with: package))
        #expect(comparison.matches.isEmpty && comparison.undecided.isEmpty)
    }

    @Test func documentsMayBeLines() throws {
        let one = Self.advisory("Go", "a", "SEMVER", #"[{"introduced":"0"}]"#).filter { $0 != "\n" }
        #expect(try Self.database("\(one)\n\(one)\r\n\n[\(one)]\n").count == 3)
        #expect(try Self.database(Self.advisory("Go", "a", "SEMVER", #"[{"introduced":"0"}]"#)).count == 1)
        for (text, reason) in [
            ("\(one)\n{\n", "document 2: "), (#"{"affected":[]}"#, "'id'"), (#"[{"id":"GO-1"}]"#, "'affected'"),
            ("1", "'id'"),
            ("{}\n{}", "document 1: "), ("", "line 1"),
        ] {
            var database = AdvisoryDatabase()
            let error = #expect(throws: AdvisoryError.self) { try database.add(Array(text.utf8)) }
            #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
        }
    }

    private static func matches(
        _ module: ProgramModule,
        _ events: String,
        name: String = "golang.org/x/net"
    ) throws -> [AdvisoryDatabase.Match]? {
        try compare(module, events, name: name)?.matches
    }

    private static func compare(
        _ module: ProgramModule,
        _ events: String,
        name: String = "golang.org/x/net"
    ) throws -> AdvisoryDatabase.Comparison? {
        try database(advisory("Go", name, "SEMVER", events)).comparison(with: try #require(ComparedPackage(module)))
    }

    private static func database(_ text: String) throws -> AdvisoryDatabase {
        var database = AdvisoryDatabase()
        try database.add(Array(text.utf8))
        return database
    }

    private static func advisory(_ ecosystem: String, _ name: String, _ type: String, _ events: String) -> String {
        """
        {"id":"GO-2025-3595","aliases":["CVE-2025-22872"],"summary":"A flaw","affected":[{"package":{"ecosystem":"\(ecosystem)",
        "name":"\(name)"},"ranges":[{"type":"GIT","events":[{"introduced":"0"}]},{"type":"\(type)","events":\(events)}]}]}
        """
    }
}

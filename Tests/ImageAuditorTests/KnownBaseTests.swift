import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageFileSystem
import ImageTransport
import OCI
import Release
import TestSupport
import Testing

/// Bases are known by intent, and what stands in their layers is theirs.
@Suite struct KnownBaseTests {
    private static func base(_ build: (inout TarBuilder) -> Void = { _ in }) -> TestImage {
        TestImage { layer in
            layer.file("usr/share/licence", "a licence")
            build(&layer)
        }
    }

    private static func image(on base: TestImage) -> TestImage {
        var image = AuditFixture.image()
        image.layers = base.layers + image.layers
        return image
    }

    /// Imports an image, and marks it when that is meant.
    static func take(_ image: TestImage, _ name: String, marked: Bool, in fixture: AuditFixture) throws {
        let layout = "\(fixture.directory)/base-\(UUID().uuidString)"
        try image.write(layout: layout)
        let root = try ImageCopy.run(
            from: LayoutSource(directory: layout, tag: nil),
            to: StoreDestination(store: fixture.store, references: [ImageReference(parsing: name)])
        )
        guard marked else { return }
        try fixture.store.markBases(KnownBase.marks(root.digest, in: fixture.store, reason: "a test"))
    }

    static func put(_ text: String, _ release: String, in fixture: AuditFixture) throws {
        let key = try ReleaseKey(parsing: release)
        let path = "\(fixture.directory)/put-\(UUID().uuidString)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        _ = try fixture.store.put([
            PutRequest(source: .path(path), name: key.name, version: key.version, platform: .any)
        ])
    }

    @Test func anImportedImageIsABaseOnlyWhenItIsMarked() throws {
        try AuditFixture.with { fixture in
            let base = Self.base()
            try Self.take(base, "base:1", marked: false, in: fixture)
            #expect(try fixture.audit(Self.image(on: base)).verdict == .contains)
            try Self.take(base, "base:1", marked: true, in: fixture)
            let audit = try fixture.audit(Self.image(on: base))
            #expect(audit.verdict == .exact)
            #expect(audit.platforms[0].base?.name == "base:1")
            let events = try fixture.store.latestEvents(limit: 1)
            #expect(events.first?["what"] == "base")
            #expect(events.first?["reason"] == "a test")
            try Self.take(base, "base:1", marked: true, in: fixture)
            #expect(try fixture.store.latestEvents(limit: 1) == events, "a mark is made once")
        }
    }

    @Test func aPolicyKnowsABaseInEachOfItsForms() throws {
        try AuditFixture.with { fixture in
            let base = Self.base()
            var other = base
            other.execution = ["Env": ["OTHER=1"]]
            try Self.take(base, "base:1", marked: true, in: fixture)
            try Self.take(other, "base:2", marked: true, in: fixture)
            let audit = try fixture.audit(Self.image(on: base))
            for image in [base, other] {
                let policy = try Policy(parsing: "bases: [\(Digest.of(image.manifest))]\n")
                #expect(try audit.held(to: policy, store: fixture.store).isAcceptable(exact: true))
            }
            let policy = try Policy(parsing: "bases: [\(Digest.of([]))]\n")
            #expect(try !audit.held(to: policy, store: fixture.store).isAcceptable(exact: true))
        }
    }

    @Test func anImageIsNeverItsOwnBase() throws {
        try AuditFixture.with { fixture in
            let evil = TestImage { layer in
                layer.file("usr/bin/agent", TestProgram(code: "evil").bytes, mode: 0o755)
                layer.file("opt/copy", AuditFixture.agent("1.2.3", "amd64").bytes, mode: 0o755)
            }
            #expect(try fixture.audit(evil).verdict == .mismatch)
            try Self.take(evil, "evil:1", marked: true, in: fixture)
            #expect(try fixture.audit(evil).verdict == .mismatch)
            var other = evil
            other.execution = ["Entrypoint": ["/opt/copy"]]
            #expect(try fixture.audit(other).verdict == .mismatch, "the same layers with another config")
            try other.write(layout: fixture.directory + "/other")
            let given = try KnownBase.read("oci:\(fixture.directory)/other")
            #expect(try fixture.audit(evil) { $0.bases = given }.verdict == .mismatch)
        }
    }

    @Test(
        "a directory of the base with another mode or owner changes the base; the same entry again doesn't",
        arguments: [(0o755, 0, true), (0o777, 0, false), (0o700, 0, false), (0o755, 65532, false)]
    )
    func directories(_ mode: Int, _ owner: Int, _ isSame: Bool) throws {
        try AuditFixture.with { fixture in
            let base = Self.base { layer in
                layer.directory("srv", mode: 0o755)
                layer.file("srv/notes", "notes of the base")
            }
            try Self.take(base, "base:1", marked: true, in: fixture)
            var image = Self.image(on: base)
            image.layer { $0.add("srv/", "5", mode: mode, uid: owner) }
            let audit = try fixture.audit(image)
            #expect(audit.verdict == (isSame ? .exact : .contains))
            #expect(audit.codes.contains(.baseChanged) == !isSame)
        }
    }

    @Test func whatStandsInTheBaseIsTheBasesWhateverIsReleased() throws {
        try AuditFixture.with { fixture in
            let base = Self.base()
            try Self.take(base, "base:1", marked: true, in: fixture)
            let image = Self.image(on: base)
            let before = try fixture.audit(image)
            #expect(before.verdict == .exact)
            try fixture.store.recordAudit(AuditRecord(before))
            // In two releases that have nothing else in common with the image.
            try Self.put("a licence", "library@1", in: fixture)
            let audit = try fixture.audit(image)
            #expect(audit.verdict == .exact)
            #expect(audit.platforms[0].releases.map(\.description) == ["agent@1.2.3", "ca-bundle@1"])
            let file = try #require(audit.platforms[0].files.first { $0.path.description == "/usr/share/licence" })
            #expect(file.identity.isBase)
            #expect(file.artifacts.map { "\($0.key)" } == ["library 1 any"])
            let report = String(decoding: try JSONEncoder().encode(AuditReport(audit, withFiles: false)), as: UTF8.self)
            #expect(report.contains("library"))
            #expect(try Reaudit(store: fixture.store).run().first?.verdict == .exact)
            let holding = try fixture.store.images(holding: [Digest.of(Array("a licence".utf8))])
            #expect(holding.map(\.image) == [audit.digest])
            let policy = try Policy(parsing: "releases: [library]\n")
            #expect(try audit.held(to: policy, store: fixture.store).isAcceptable(exact: true))
        }
    }

    @Test func aReleasedFileOfTheBaseThatIsReplacedChangesTheBaseAndShadowsNothing() throws {
        try AuditFixture.with { fixture in
            let base = Self.base()
            try Self.take(base, "base:1", marked: true, in: fixture)
            try Self.put("a licence", "library@1", in: fixture)
            var image = Self.image(on: base)
            image.layer { $0.file("usr/share/licence", "another") }
            let audit = try fixture.audit(image)
            #expect(audit.verdict == .contains)
            #expect(audit.codes == [.baseChanged])
        }
    }

    @Test func nothingOfTheBaseMakesAnImageAReleases() throws {
        try AuditFixture.with { fixture in
            let base = Self.base()
            try Self.take(base, "base:1", marked: true, in: fixture)
            try Self.put("a licence", "library@1", in: fixture)
            var image = base
            image.layer { $0.file("bin/other", TestProgram(code: "other").bytes, mode: 0o755) }
            #expect(try fixture.audit(image).verdict == .unknown)
        }
    }

    // MARK: files that a build copied out of a base

    /// An image without a base whose layer's recipe says that files are another base's.
    private static func copying(
        from base: TestImage,
        mode: Int = 0o644,
        recipe isThere: Bool = true,
        _ build: (inout TarBuilder) -> Void = { _ in }
    ) -> TestImage {
        var image = AuditFixture.image()
        image.layer { layer in
            layer.file("usr/share/copied", "a licence", mode: mode)
            layer.symbolicLink("link", to: "usr")
            build(&layer)
        }
        guard isThere else { return image }
        let source = JSONValue.string("\(Digest.of(base.layers[0].tar))")
        let recipe: JSONValue = [
            "compression": "none", "tar": "bindery-tar/1",
            "entries": [
                ["path": "link", "type": "symlink", "target": "usr", "mode": "0777"],
                ["path": "usr/share/copied", "type": "file", "mode": "0644", "layer": source, "offset": 512],
                ["path": "usr/share/other", "type": "file", "mode": "0644", "layer": source, "offset": 512],
            ],
        ]
        image.layers[2].annotations["dev.bindery.layer.recipe"] = .string(
            String(decoding: CanonicalJSON.encode(recipe), as: UTF8.self)
        )
        return image
    }

    @Test func whatABuildCopiedOutOfAKnownBaseIsTheBases() throws {
        try AuditFixture.with { fixture in
            let base = Self.base { $0.symbolicLink("link", to: "usr") }
            let image = Self.copying(from: base)
            try Self.take(base, "base:1", marked: false, in: fixture)
            #expect(try fixture.audit(image).verdict == .contains)
            try Self.take(base, "base:1", marked: true, in: fixture)
            let audit = try fixture.audit(image)
            #expect(audit.verdict == .exact)
            #expect(audit.platforms[0].files.count(where: \.identity.isBase) == 2)
            try fixture.store.recordAudit(AuditRecord(audit))
            try Self.put("unrelated", "x@1", in: fixture)
            #expect(try Reaudit(store: fixture.store).run().first?.verdict == .exact)
            let policy = try Policy(parsing: "bases: []")
            let held = try audit.held(to: policy, store: fixture.store)
            #expect(held.allFindings.contains { $0.code == .policy })
        }
    }

    /// The base has such a file or link, and not at the first three of these.
    @Test(arguments: [
        ("usr/bin/agent", false), ("etc/ld.so.preload", false), ("usr/sbin/link", false), ("opt/link", true),
        ("usr/share/other", true),
    ])
    func aClaimedCopyIsTheBasesWhereItsNameMattersOnlyAtItsOwnPath(path: String, isBases: Bool) throws {
        try AuditFixture.with { fixture in
            let base = Self.base { $0.symbolicLink("opt/link", to: "licence") }
            try Self.take(base, "base:1", marked: true, in: fixture)
            let isLink = path.hasSuffix("link")
            var image = AuditFixture.image()
            let agent = AuditFixture.agent("1.2.3", "amd64").bytes
            image.layers[0] = .init(.with { $0.file("opt/agent2", agent, mode: 0o755) })
            image.layer { layer in
                layer.file("usr/share/copied", "a licence")
                if isLink {
                    layer.symbolicLink(path, to: "licence")
                    layer.file("usr/sbin/licence", "another one")
                } else {
                    layer.file(path, "a licence")
                }
            }
            let source = JSONValue.string("\(Digest.of(base.layers[0].tar))")
            func copy(_ path: String) -> JSONValue {
                ["path": .string(path), "type": "file", "mode": "0644", "layer": source, "offset": 512]
            }
            let link: JSONValue = ["path": .string(path), "type": "symlink", "target": "licence", "mode": "0777"]
            let recipe: JSONValue = [
                "compression": "none", "tar": "bindery-tar/1",
                "entries": [copy("usr/share/copied"), isLink ? link : copy(path)],
            ]
            image.layers[2].annotations["dev.bindery.layer.recipe"] = .string(
                String(decoding: CanonicalJSON.encode(recipe), as: UTF8.self)
            )
            let files = try fixture.audit(image).platforms[0].files
            let file = try #require(files.first { $0.path.description == "/" + path })
            #expect(file.identity.isBase == isBases)
        }
    }

    @Test func aClaimedCopyMustBeTheBasesInEverything() throws {
        try AuditFixture.with { fixture in
            let base = Self.base { $0.symbolicLink("opt/link", to: "usr") }
            try Self.take(base, "base:1", marked: true, in: fixture)
            #expect(try fixture.audit(Self.copying(from: base, recipe: false)).verdict == .contains)
            #expect(try fixture.audit(Self.copying(from: base, mode: 0o755)).verdict == .contains)
            let other = Self.copying(from: base) { $0.file("usr/share/other", "not the base's") }
            #expect(try fixture.audit(other).verdict == .contains)
            let owned = Self.copying(from: base) { $0.file("usr/share/other", Array("a licence".utf8), uid: 7) }
            #expect(try fixture.audit(owned).verdict == .contains)
            let capable = Self.copying(from: base) {
                $0.file(
                    "usr/share/other",
                    Array("a licence".utf8),
                    pax: [("SCHILY.xattr.security.capability", [1])]
                )
            }
            #expect(try fixture.audit(capable).verdict == .contains)
            // A path that a lower layer has is not a place for a copy.
            var shadowing = Self.copying(from: base)
            shadowing.layers.insert(AuditFixture.image().layers[1], at: 0)
            var lower = TarBuilder()
            lower.file("usr/share/copied", "before")
            shadowing.layers[0] = TestImage.Layer(lower.archive)
            #expect(try fixture.audit(shadowing).verdict != .exact)
        }
    }
}

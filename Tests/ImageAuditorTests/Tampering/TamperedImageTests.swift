import Archive
import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import TestSupport
import Testing

/// What can be done to an honest image, and the finding that each must give.
@Suite struct TamperedImageTests {
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: FindingCode
        let verdict: Verdict?
        let change: @Sendable (inout [TestImage]) throws -> Void

        /// A change to the only image.
        init(
            _ name: String,
            _ code: FindingCode,
            _ verdict: Verdict?,
            one change: @escaping @Sendable (inout TestImage) throws -> Void
        ) {
            testDescription = name
            self.code = code
            self.verdict = verdict
            self.change = { images in
                images = [images[0]]
                try change(&images[0])
            }
        }

        /// A change to an index of two platforms.
        init(
            index name: String,
            _ code: FindingCode,
            _ verdict: Verdict?,
            _ change: @escaping @Sendable (inout [TestImage]) throws -> Void
        ) {
            testDescription = name
            self.code = code
            self.verdict = verdict
            self.change = change
        }
    }

    static let agent = AuditFixture.agent("1.2.3", "amd64").bytes
    static let flipped: [UInt8] = {
        var bytes = agent
        bytes[bytes.count / 2] ^= 1
        return bytes
    }()
    static let stripped: [UInt8] = {
        var program = AuditFixture.agent("1.2.3", "amd64")
        program.hasSymbols = false
        return program.bytes
    }()
    static let patched: [UInt8] = {
        // Other code under the same build-id.
        TestProgram(code: "evil", buildID: AuditFixture.agent("1.2.3", "amd64").buildID).bytes
    }()
    static let evil = TestProgram(code: "evil").bytes

    @Test func documentsThatSayTheTruthAreNoFinding() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            image.layers[0].annotations = Self.recipe("usr/bin/agent", Self.agent)
            image.annotations = [
                "org.opencontainers.image.title": "agent", "org.opencontainers.image.version": "v1.2.3",
            ]
            image.layer { $0.file("usr/bin/bindery-context.json", Self.record("agent", Self.agent)) }
            image.layer { $0.file("usr/bin/.wh.agent", []) }
            let audit = try fixture.audit(image)
            #expect(audit.codes == [.removed, .entrypointMissing])
        }
    }

    @Test(arguments: files + layers + configs + indexes + documents)
    func isCaught(_ tampering: Tampering) throws {
        try AuditFixture.with { fixture in
            var images = [AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")]
            try tampering.change(&images)
            let audit = try fixture.audit(images, asIndex: images.count > 1 || tampering.code == .platformMissing)
            let found = audit.allFindings.map { "\($0.code.rawValue) \($0.message)" }
            #expect(audit.codes.contains(tampering.code), "found: \(found)")
            #expect(audit.verdict == tampering.verdict, "found: \(found)")
        }
    }

    /// As umoci writes layers, and as every engine reads them.
    @Test(arguments: [false, true]) func aLayerWithoutItsEndIsWhole(lacksPadding: Bool) throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            let whole = [UInt8].with { $0.file("usr/bin/agent", Self.agent, mode: 0o755) }
            let missing = 1024 + (lacksPadding ? (512 - Self.agent.count % 512) % 512 : 0)
            image.layers[0] = .init(Array(whole.dropLast(missing)))
            let audit = try fixture.audit(image)
            #expect(audit.codes.isEmpty)
            #expect(audit.verdict == .exact)
        }
    }

    @Test func anHonestIndexHasNoneOfThese() throws {
        try AuditFixture.with { fixture in
            let audit = try fixture.audit([AuditFixture.image(), AuditFixture.image("1.2.3", "arm64")])
            #expect(audit.codes.isEmpty)
        }
    }

    @Test func aFlippedByteInABlobIsDamage() throws {
        try AuditFixture.with { fixture in
            let image = AuditFixture.image()
            let layout = fixture.directory + "/layout"
            try image.write(layout: layout)
            let blob = "\(layout)/blobs/sha256/\(Digest.of(image.layers[0].blob).hex)"
            try Shell.run("printf X | dd of=\(blob) bs=1 seek=3000 conv=notrunc status=none", in: fixture.directory)
            let audit = try Auditor(store: fixture.store).audit(LayoutSource(directory: layout, tag: nil))
            #expect(audit.verdict == nil)
            #expect(audit.codes == [.damaged])
            try fixture.store.recordAudit(AuditRecord(audit))
        }
    }

    @Test func aChangedBaseIsNoLongerUntouched() throws {
        try AuditFixture.with { fixture in
            let base = TestImage { $0.file("bin/sh", TestProgram(code: "shell").bytes, mode: 0o755) }
            try base.write(layout: fixture.directory + "/base")
            var image = AuditFixture.image()
            image.layers.insert(base.layers[0], at: 0)
            image.layer { $0.file("bin/.wh.sh", []) }
            let known = try KnownBase.read("oci:\(fixture.directory)/base")
            let audit = try fixture.audit(image) { $0.bases = known }
            #expect(audit.codes == [.baseChanged])
            #expect(audit.verdict == .contains)
        }
    }

    @Test(arguments: [(1, Verdict.exact), (20_000, .incomplete)])
    func recordsOfHeadersAreCounted(count: Int, verdict: Verdict) throws {
        try AuditFixture.with { fixture in
            var layer = TarBuilder()
            layer.file("etc/x", AuditFixture.bundle, pax: Array(repeating: ("a", [0x62]), count: count))
            var image = AuditFixture.image()
            image.layers.append(try TestImage.Layer(layer.archive, by: "gzip -n", suffix: "+gzip"))
            let budget = WorkBudget()
            try budget.take((8 << 20) - 100_000, .steps)
            let audit = try fixture.audit(image) { $0.budget = budget }
            #expect(audit.codes == (verdict == .exact ? [] : [.limit]))
            #expect(audit.verdict == verdict)
        }
    }

    @Test func aBombEndsAtTheLimit() throws {
        try AuditFixture.with { fixture in
            var image = AuditFixture.image()
            var layer = TarBuilder()
            layer.add("zeros", "0", size: TarBuilder.octal(8 << 30 - 1, 11))
            let zeros = try withTemporaryDirectory { directory in
                try Shell.run("head -c 200M /dev/zero | gzip -9n", in: directory).output
            }
            let head = try TestImage.Layer(layer.bytes, by: "gzip -n", suffix: "+gzip")
            image.layers.append(head)
            image.layers[2].blob += zeros
            let audit = try fixture.audit(image) { $0.largestSize = 32 << 20 }
            #expect(audit.codes == [.limit])
            #expect(audit.verdict == .incomplete)
        }
    }
}

extension TestImage {
    /// Puts other bytes where a file is, in its own layer.
    mutating func replace(_ path: String, _ bytes: [UInt8], mode: Int = 0o755) {
        layers[0] = .init(.with { $0.file(path, bytes, mode: mode) })
    }
}

extension [UInt8] {
    /// A tar archive.
    static func with(_ build: (inout TarBuilder) -> Void) -> [UInt8] {
        var builder = TarBuilder()
        build(&builder)
        return builder.archive
    }
}

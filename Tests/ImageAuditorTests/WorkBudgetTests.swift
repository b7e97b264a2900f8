import Archive
import ContentAddress
import Foundation
import ImageTransport
import OCI
import TestSupport
import Testing

@testable import ImageAuditor

/// What extended headers cost counts wherever archives are read.
@Suite struct WorkBudgetTests {
    /// Of a table of contents: the archive in which an eStargz keeps it.
    @Test func recordsBeforeATableAreCounted() throws {
        try withTemporaryDirectory { directory in
            var archive = TarBuilder()
            archive.file("stargz.index.json", [], pax: Array(repeating: ("a", [0x62]), count: 2000))
            let layer = try TestImage.Layer(archive.archive, by: "gzip -n", suffix: "+gzip")
            var image = TestImage()
            image.layers = [layer]
            try image.write(layout: directory)
            let descriptor = Descriptor(
                mediaType: layer.mediaType,
                digest: .of(layer.blob),
                size: Int64(layer.blob.count)
            )
            let location = TableLocation(
                format: .eStargz,
                offset: 0,
                count: descriptor.size,
                digest: nil,
                compressedDigest: nil
            )
            let budget = WorkBudget()
            try budget.take((8 << 20) - 1000, .steps)
            let source = try LayoutSource(directory: directory, tag: nil)
            let reader = TableReader(source: source, layer: descriptor, budget: budget)
            let error = #expect(throws: TransportError.self) { _ = try reader.read(location) }
            guard case .spent(_, let spent) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(spent.resource == .steps)
        }
    }

    /// A name takes more than its place in the tree: it is in lists, in the record and in the report.
    @Test(arguments: [(Int64(60 << 10), true), (1 << 20, false)])
    func namesAreCountedForTheirPlaceInReports(rest: Int64, isSpent: Bool) throws {
        let links = { (layer: inout TarBuilder) in
            for number in 0..<100 {
                layer.hardLink("h\(number)", to: number == 0 ? "usr/bin/agent" : "h\(number - 1)")
            }
        }
        let audit = try audit(rest: rest, of: .memory) { layer in
            layer.file("usr/bin/agent", AuditFixture.agent("1.2.3", "amd64").bytes, mode: 0o755)
            links(&layer)
        }
        #expect((audit.verdict == .incomplete) == isSpent)
        #expect(audit.platforms[0].files.isEmpty == isSpent)
        let finding = audit.allFindings.first { $0.code == .limit }
        #expect((finding != nil) == isSpent)
        if let finding {
            #expect(finding.message.contains("the list of its files"), "\(finding.message)")
            #expect(finding.message.contains("--max-size"), "\(finding.message)")
        }
    }

    /// A layer may have the same million of records a hundred times, and be small: Zstandard's window is that large.
    @Test(arguments: [("x", 2000, true), ("g", 2000, true), ("x", 2, false)])
    func recordsBeforeAnEntryAreCounted(header: String, count: Int, isSpent: Bool) throws {
        let records = (0..<count).flatMap { _ in TarBuilder.record("a", [0x62]) }
        let audit = try audit(rest: 16_000, of: .steps) { layer in
            layer.file("usr/bin/agent", AuditFixture.agent("1.2.3", "amd64").bytes, mode: 0o755)
            for number in 0..<5 {
                layer.add("pax", Character(header), content: records)
                layer.file("f\(number)", [])
            }
        }
        let finding = audit.allFindings.first { $0.code == .limit }
        #expect((finding?.message.contains("steps were spent") == true) == isSpent, "\(audit.allFindings)")
        #expect((audit.verdict == .incomplete) == isSpent)
    }

    // Audits a compressed layer with so much of a resource left, beside what its bytes earn.
    private func audit(
        rest: Int64,
        of resource: WorkBudget.Resource,
        _ build: (inout TarBuilder) -> Void
    ) throws -> ImageAudit {
        var result: ImageAudit?
        try AuditFixture.with { fixture in
            var layer = TarBuilder()
            build(&layer)
            var image = AuditFixture.image()
            image.layers = [try TestImage.Layer(layer.archive, by: "zstd -q -19", suffix: "+zstd")]
            let budget = WorkBudget()
            let limit: Int64 = resource == .memory ? 24 << 20 : 8 << 20
            try budget.take(limit - rest, resource)
            result = try fixture.audit(image) { $0.budget = budget }
        }
        return try #require(result)
    }
}

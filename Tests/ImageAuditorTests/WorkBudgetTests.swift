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
}

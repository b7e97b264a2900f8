import Archive
import ArtifactStore
import ContentAddress
import Foundation
import Glibc
import ImageTransport
import OCI
import StoreTestSupport
import Synchronization
import SystemIO
import TestSupport
import Testing

@testable import ImageAuditor

/// What is kept of layers that were read saves work, and changes no answer.
@Suite struct LayerReadingTests {
    /// A store with a released program, and a layout; times are those of the machine, since files are known by theirs.
    private final class Place {
        let files: TemporaryStore
        let layout: String
        private let start = Int64(Date().timeIntervalSince1970 * 1000) + 5000

        init() throws {
            files = try TemporaryStore()
            layout = files.path + "/layout"
            let agent = try files.file("agent", AuditFixture.agent("1.2.3", "amd64").bytes)
            _ = try store().put([try files.request(agent, "agent@1.2.3", platform: nil, mode: 0o755)])
        }

        /// The store as it is so many milliseconds later.
        func store(after time: Int64 = 0) throws -> Store {
            try files.open(at: Timestamp(milliseconds: start + time))
        }

        /// An audit, and how many bytes of blobs it read.
        func audit(
            _ readings: LayerReadings?,
            in store: Store,
            change: (inout AuditOptions) -> Void = { _ in }
        ) throws -> (audit: ImageAudit, bytes: Int) {
            let source = CountingSource(try LayoutSource(directory: layout, tag: nil))
            var options = AuditOptions()
            options.readings = readings
            options.width = 1
            change(&options)
            return (try Auditor(store: store, options: options).audit(source), source.count)
        }

        func blob(_ image: TestImage, layer: Int = 0) -> String {
            "\(layout)/blobs/sha256/\(Digest.of(image.layers[layer].blob).hex)"
        }

        func fresh(_ store: Store) -> LayerReadings { LayerReadings(store: store, version: "1") }
    }

    /// Counts what is read of layers.
    private final class CountingSource: ImageSource {
        let inner: LayoutSource
        private let bytes = Mutex(0)

        init(_ inner: LayoutSource) { self.inner = inner }

        var name: String { inner.name }
        var count: Int { bytes.withLock { $0 } }

        func root() -> ImageDocument { inner.root() }

        func open(_ descriptor: Descriptor) throws(TransportError) -> any BlobReader {
            let reader = try inner.open(descriptor)
            return descriptor.mediaType.contains("layer") ? CountingReader(reader, self) : reader
        }

        private final class CountingReader: BlobReader {
            let inner: any BlobReader
            let source: CountingSource

            init(_ inner: any BlobReader, _ source: CountingSource) {
                self.inner = inner
                self.source = source
            }

            var file: FileStatus? { inner.file }

            func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
                let count = try inner.read(into: buffer)
                source.bytes.withLock { $0 += count }
                return count
            }
        }
    }

    private static let large = [UInt8](repeating: 7, count: 2 << 20)

    /// An unknown and a released program, odd names, links, attributes, whiteouts, a sparse file's size, two layers.
    private static func image(_ more: String = "") -> TestImage {
        var image = TestImage { layer in
            layer.directory("usr/bin", mode: 0o1777)
            layer.file("usr/bin/agent", AuditFixture.agent("1.2.3", "amd64").bytes, mode: 0o4755)
            layer.file("opt/x", AuditFixture.agent("0.9", "amd64").bytes, mode: 0o755)
            var copy = AuditFixture.agent("1.2.3", "amd64")
            copy.hasSymbols = false
            layer.file("opt/copy", copy.bytes, mode: 0o755)
            layer.file("opt/run.sh", Array("#!/usr/bin/agent -x\n".utf8), mode: 0o755)
            layer.file("etc/ld.so.preload", Array("/opt/x\n".utf8))
            layer.file("data", large, uid: 7, gid: 9, pax: [("SCHILY.xattr.user.a", [0, 0xFF])])
            layer.file("gone", "x")
            layer.symbolicLink("sh", to: "usr/bin/agent")
            layer.hardLink("same", to: "opt/x")
            layer.add("null", "3", device: (1, 3))
            layer.add("odd", "Z")
        }
        image.layer { layer in
            layer.file(".wh.gone", "")
            layer.file("opt/x", "replaced \(more)")
            layer.directory("opt/x/below")
        }
        image.execution = ["Entrypoint": ["/opt/run.sh"]]
        return image
    }

    private static func text(_ audit: ImageAudit) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let record = try AuditRecord(audit)
        let parts = record.manifests.map { "\($0.facts)" + $0.programs.map { "\($0.facts)" }.joined() }
        return String(decoding: try encoder.encode(AuditReport(audit)), as: UTF8.self) + "\(record.basis)"
            + parts.joined()
    }

    @Test(arguments: ["", "gzip -n", "zstd -q"])
    func anAuditFromWhatWasKeptSaysTheSame(compressor: String) throws {
        let place = try Place()
        let store = try place.store()
        var image = Self.image()
        if !compressor.isEmpty {
            let suffix = compressor.hasPrefix("gzip") ? "+gzip" : "+zstd"
            image.layers = try image.layers.map { try TestImage.Layer($0.tar, by: compressor, suffix: suffix) }
        }
        try image.write(layout: place.layout)
        let plain = try place.audit(nil, in: store)
        let expected = try Self.text(plain.audit)
        let readings = place.fresh(store)
        let first = try place.audit(readings, in: store)
        #expect(try Self.text(first.audit) == expected)
        #expect(first.bytes == plain.bytes)
        let second = try place.audit(readings, in: store)
        #expect(try Self.text(second.audit) == expected)
        #expect(second.bytes == 0)
        // By another process: the large layer was kept, the small one is read.
        let third = try place.audit(place.fresh(store), in: store)
        #expect(try Self.text(third.audit) == expected)
        #expect(third.bytes == image.layers[1].blob.count)
    }

    @Test func aLayerOfSeveralImagesIsReadOnce() throws {
        let place = try Place()
        let store = try place.store()
        let readings = place.fresh(store)
        var counts: [Int] = []
        for number in 0..<5 {
            let image = Self.image("\(number)")
            // The file of the layer that they share stays as it is.
            let further = "\(place.files.path)/further-\(number)"
            try image.write(layout: further)
            let shared = "blobs/sha256/\(Digest.of(image.layers[0].blob).hex)"
            try Shell.run("[ ! -e ../layout/\(shared) ] || rm \(shared); cp -r . ../layout", in: further)
            counts.append(try place.audit(readings, in: store).bytes - image.layers[1].blob.count)
        }
        #expect(counts == [Self.image().layers[0].blob.count, 0, 0, 0, 0])
    }

    @Test func filesThatMayHaveChangedAreHashed() throws {
        let place = try Place()
        let store = try place.store()
        let image = Self.image()
        try image.write(layout: place.layout)
        let (layer, all) = (image.layers[0].blob.count, image.layers.map(\.blob.count).reduce(0, +))
        let rest = all - layer
        #expect(try place.audit(place.fresh(store), in: store).bytes == all)
        #expect(try place.audit(place.fresh(store), in: store).bytes == rest)
        // Touched: known again once it was hashed.
        #expect(chmod(place.blob(image), 0o600) == 0)
        #expect(try place.audit(place.fresh(store), in: store).bytes == all)
        #expect(try place.audit(place.fresh(store), in: store).bytes == rest)
        // A day later, and before.
        #expect(try place.audit(place.fresh(place.store(after: 86_400_000)), in: store).bytes == all)
        #expect(try place.audit(place.fresh(place.store(after: -1)), in: store).bytes == all)
        // Others may write to it without a sign.
        #expect(chmod(place.blob(image), 0o666) == 0)
        for _ in 0..<2 { #expect(try place.audit(place.fresh(store), in: store).bytes == all) }
    }

    @Test func damageIsFoundWhateverWasKept() throws {
        let place = try Place()
        let store = try place.store()
        let image = Self.image()
        try image.write(layout: place.layout)
        let readings = place.fresh(store)
        #expect(try place.audit(readings, in: store).audit.verdict != nil)
        var bytes = image.layers[0].blob
        bytes[bytes.count / 2] ^= 1
        let file = try File.open(place.blob(image), O_WRONLY)
        try file.write(bytes)
        #expect(try place.audit(readings, in: store).audit.codes.contains(.damaged))
        #expect(try place.audit(place.fresh(store), in: store).audit.verdict == nil)
        // The right bytes, for a config that promises others.
        var other = Self.image()
        other.diffIDs = [Digest.of("other"), Digest.of(other.layers[1].tar)]
        try other.write(layout: place.layout)
        #expect(try place.audit(place.fresh(store), in: store).audit.verdict == nil)
    }

    @Test func whatWasKeptIsUsedOnlyWhole() throws {
        let place = try Place()
        let store = try place.store()
        let image = Self.image()
        try image.write(layout: place.layout)
        let all = image.layers.map(\.blob.count).reduce(0, +)
        _ = try place.audit(place.fresh(store), in: store)
        // Another program's.
        #expect(try place.audit(LayerReadings(store: store, version: "2"), in: store).bytes == all)
        let names = try Directory.names(in: store.paths.readings)
        #expect(names.count == 2)
        for name in names {
            let file = try File.open(store.paths.readings + "/" + name, O_RDWR)
            try withUnsafeBytes(of: UInt8(1)) { try file.write($0, at: 100) }
        }
        #expect(try place.audit(place.fresh(store), in: store).bytes == all)
        #expect(try place.audit(place.fresh(store), in: store).bytes < all)
        try Directory.removeTree(store.paths.readings)
        #expect(try place.audit(place.fresh(store), in: store).bytes == all)
    }

    @Test func programsAreComparedWithReleasesThatCameLater() throws {
        let place = try Place()
        let store = try place.store()
        try Self.image().write(layout: place.layout)
        _ = try place.audit(place.fresh(store), in: store)
        // 'copy' is now the name of a released program, whose bytes the layer's are to be compared with.
        var program = AuditFixture.agent("1.2.3", "amd64")
        program.text += " further"
        let file = try place.files.file("copy", program.bytes)
        _ = try store.put([try place.files.request(file, "copy@1", platform: nil, mode: 0o755)])
        let expected = try Self.text(try place.audit(nil, in: store).audit)
        #expect(try Self.text(try place.audit(place.fresh(store), in: store).audit) == expected)
    }

    @Test func aSpentBudgetIsSpentWhateverWasKept() throws {
        let place = try Place()
        let store = try place.store()
        try Self.image().write(layout: place.layout)
        let readings = place.fresh(store)
        #expect(try place.audit(readings, in: store).audit.verdict != .incomplete)
        let again = try place.audit(readings, in: store) { $0.largestSize = 1 << 20 }
        #expect(again.audit.verdict == .incomplete)
    }

    @Test func entriesAreKeptWhole() throws {
        var entries: [TarEntry] = []
        let numbers: [Int64] = [0, 1, -1, 63, 64, -65, 1 << 40, .max, .min]
        for (index, kind) in (LayerRecorder.kinds + [.other(0), .other(255)]).enumerated() {
            let number = numbers[index]
            var entry = TarEntry(path: [0, 0xFF] + Array("/a\(index)".utf8), kind: kind)
            (entry.mode, entry.uid, entry.gid, entry.userName) = (.max, number, ~number, [1])
            (entry.size, entry.modified, entry.modifiedNanoseconds) = (number, number, -1)
            entry.linkName = [UInt8](repeating: 9, count: 300)
            entry.device = TarEntry.Device(major: number, minor: 2)
            entry.extendedAttributes = [[1]: [], []: [2, 3]]
            entry.extents = index == 0 ? nil : (1..<index).map { SparseExtent(offset: Int64($0), count: number) }
            (entry.offset, entry.contentOffset, entry.storedSize) = (number, 3, 4)
            entries.append(entry)
            entries[index].oddities = TarOddities(rawValue: UInt32(index))
        }
        var recorder = LayerRecorder()
        for (index, entry) in entries.enumerated() {
            let digest = index % 2 == 0 ? Digest.of("\(index)") : nil
            recorder.add(entry, digest: digest, head: digest == nil ? [] : [5], holes: Int64(index))
        }
        var items = LayerItems(recorder.packedItems)
        for (index, entry) in entries.enumerated() {
            let item = try #require(try items.next())
            #expect(item.entry == entry)
            #expect(item.digest == (index % 2 == 0 ? Digest.of("\(index)") : nil))
            #expect(item.head == (index % 2 == 0 ? [5] : []) && item.holes == Int64(index))
        }
        #expect(try items.next() == nil)
        for count in recorder.packedItems.indices.dropFirst() {
            var cut = LayerItems(Array(recorder.packedItems.prefix(count)))
            while let item = try? cut.next() { #expect(entries.contains(item.entry)) }
        }
    }
}

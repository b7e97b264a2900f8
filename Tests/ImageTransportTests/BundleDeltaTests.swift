import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import OCI
import Release
import StoreTestSupport
import Testing

/// A delta leaves out what the other side has, and is worth nothing where that is missing.
@Suite struct BundleDeltaTests {
    let bundles: BundleTests
    let next: ReleaseKey

    init() throws {
        bundles = try BundleTests()
        next = try ReleaseKey(parsing: "agent@1.2.4")
        try BundleTests.put(["amd64": "three", "arm64": "two"], as: next, bundles.directory.path, into: bundles.first)
    }

    private func delta(
        _ items: [BundleExport.Item],
        since base: String,
        to place: String,
        at point: BundleDelta.Point? = nil
    ) throws -> String {
        let location = "\(place.hasSuffix(".tar") ? "oci-archive" : "oci"):\(bundles.directory.path)/\(place)"
        var export = try BundleExport(items, from: bundles.first)
        try export.leaveOut(read(base).names, since: point)
        try export.write(to: LayoutWriters.open(ImageLocation(parsing: location)))
        return location
    }

    private func read(_ location: String) throws -> BundleImport {
        try BundleImport(BundleSource(ImageLocation(parsing: location)))
    }

    private func text(_ text: String) -> Digest { Digest.of(Array(text.utf8)) }

    @Test(arguments: ["delta", "delta.tar"])
    func whatTheOtherSideHasIsLeftOutAndComesWithTheRest(place: String) throws {
        let whole = try bundles.export(bundles.items, from: bundles.first, to: "whole.tar")
        let point = BundleDelta.Point(origin: "example.org/log", size: 3, root: text("root"))
        let location = try delta(bundles.items + [.release(next)], since: whole, to: place, at: point)
        let delta = try #require(try read(location).delta)
        #expect(delta.since == point)
        let parts = Dictionary(uniqueKeysWithValues: delta.leftOut.map { ($0.digest, $0.part) })
        #expect(parts[text("one")] == "agent@1.2.3")
        #expect(parts[text("two")] == "agent@1.2.3")
        #expect(parts[text("three")] == nil)
        #expect(parts[text("layer of base:1")] == "base:1")
        #expect(parts.count == 4)
        #expect(delta.size == Int64("onetwolayer of base:1layer of registry.example/image:1".utf8.count))

        let second = try bundles.directory.open("second", second: 1)
        try bundles.bring(whole, into: second)
        let result = try bundles.bring(location, into: second)
        #expect(result.blobsCopied == 1)
        #expect(try second.artifacts(of: next).map(\.digest) == bundles.first.artifacts(of: next).map(\.digest))
        #expect(try second.verify().faults.isEmpty)
    }

    @Test(arguments: ["delta", "delta.tar"])
    func withoutItsBaseNothingChanges(place: String) throws {
        let whole = try bundles.export(bundles.items, from: bundles.first, to: "whole.tar")
        let location = try delta([.release(next)], since: whole, to: place)
        let empty = try bundles.directory.open("empty", second: 1)
        #expect {
            try read(location).checkBase(in: empty)
        } throws: {
            let lines = "\($0)".split(separator: "\n")
            return lines.count == 3
                && lines[0].contains("is a delta: it leaves out a file or layer that this store lacks")
                && lines[1].contains(text("two").short) && lines[2].contains("with agent@1.2.3")
        }
        #expect(throws: TransportError.self) { try read(location).checkBase(in: nil) }
        #expect(throws: TransportError.self) { try bundles.bring(location, into: empty) }
        #expect(try empty.lastEvent() == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.paths.blobs).isEmpty)
    }

    @Test func aDeltaOnADeltaLeavesOutWhatBothHave() throws {
        let whole = try bundles.export([.release(bundles.release)], from: bundles.first, to: "whole.tar")
        let one = try delta([.release(next)], since: whole, to: "one.tar")
        let last = try ReleaseKey(parsing: "agent@1.2.5")
        try BundleTests.put(["amd64": "three", "arm64": "two"], as: last, bundles.directory.path, into: bundles.first)
        let two = try delta([.release(last)], since: one, to: "two.tar")
        #expect(try read(two).delta?.leftOut.map(\.part) == ["agent@1.2.4", "agent@1.2.4"])
        let second = try bundles.directory.open("second", second: 1)
        for location in [whole, one, two] { try bundles.bring(location, into: second) }
        #expect(try second.artifacts(of: last).count == 2)
    }

    @Test func onePartOfADeltaComesAlone() throws {
        let whole = try bundles.export([.release(bundles.release)], from: bundles.first, to: "whole.tar")
        let location = try delta([.release(next), .image(bundles.image)], since: whole, to: "delta")
        let second = try bundles.directory.open("second", second: 1)
        try bundles.bring(location + ":registry.example/image:1", into: second)
        #expect(try second.images().count == 1)
        #expect(throws: TransportError.self) { try bundles.bring(location + ":agent@1.2.4", into: second) }
        #expect(throws: TransportError.self) { try bundles.bring(location + ":+delta", into: second) }
    }

    @Test func whatIsMissingAndNotLeftOutIsDamage() throws {
        let whole = try bundles.export([.release(bundles.release)], from: bundles.first, to: "whole.tar")
        let location = try delta([.release(next)], since: whole, to: "delta")
        let three = "\(bundles.directory.path)/delta/blobs/sha256/\(text("three").hex)"
        try FileManager.default.removeItem(atPath: three)
        let second = try bundles.directory.open("second", second: 1)
        try bundles.bring(whole, into: second)
        let events = try second.lastEvent()
        #expect {
            try bundles.bring(location, into: second)
        } throws: {
            ($0 as? TransportError)?.isIntegrity == true
        }
        #expect(throws: TransportError.self) { try read(location).checkContents() }
        #expect(try second.lastEvent() == events)
    }
}

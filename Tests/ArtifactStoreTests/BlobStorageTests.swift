import ContentAddress
import Foundation
import OCI
import StoreTestSupport
import SystemIO
import Testing

@testable import ArtifactStore

@Suite("What every storage of blobs keeps to")
struct BlobStorageTests {
    private let fixture = try? Fixture()
    private let text = Array("the released bytes".utf8)
    private var digest: Digest { .of(text) }
    private let time = Timestamp(milliseconds: 5)

    /// A storage that a test is run over, and how its blobs are spoilt behind its back.
    enum Kind: String, CaseIterable, CustomTestStringConvertible {
        case directory

        var testDescription: String { rawValue }
    }

    private struct Place: Sendable {
        let storage: any BlobStorage
        let paths: StorePaths
        let spoil: @Sendable (Digest, [UInt8]) throws -> Void

        func stage(_ bytes: [UInt8]) throws -> StagedBlob {
            var writer = try StagedBlobWriter(in: paths.staging)
            try bytes.withUnsafeBytes { try writer.write($0) }
            return writer.finish()
        }
    }

    private func place(_ kind: Kind) throws -> Place {
        let paths = try #require(fixture).store().paths
        switch kind {
        case .directory:
            return Place(storage: DirectoryBlobs(paths: paths, durable: true), paths: paths) { digest, bytes in
                let path = paths.blob(digest)
                try Directory.remove(path)
                try bytes.withUnsafeBytes { try File.open(path, O_WRONLY | O_CREAT, mode: 0o444).write($0) }
            }
        }
    }

    @discardableResult
    private func publish(_ blobs: [StagedBlob], _ place: Place, named: Set<Digest> = []) throws -> [BlobOutcome] {
        try place.storage.sync(blobs.filter { !named.contains($0.digest) })
        return try place.storage.publish(blobs, PublishTerms(named: named, time: time))
    }

    private func look(_ place: Place, _ digest: Digest, size: Int64?) throws -> StandingBlob {
        try place.storage.look(at: digest, size: size, known: KnownFiles(), buffer: ReadBuffer())
    }

    private func names(_ place: Place) throws -> [String] {
        var names: [String] = []
        try place.storage.forEachName { names.append($0) }
        return names.sorted()
    }

    @Test("what is staged isn't there, and what is published is read from any place on", arguments: Kind.allCases)
    func publishing(kind: Kind) throws {
        let place = try place(kind)
        let blobs = try [text, [], Array("another".utf8)].map { try place.stage($0) }
        #expect(try !place.storage.isThere(digest))
        #expect(try place.storage.size(of: digest) == nil)
        #expect(throws: StoreError.self) { try place.storage.open(digest).status() }
        let outcomes = try publish(blobs, place)
        #expect(outcomes.count == 3)
        for outcome in outcomes { guard case .new = outcome else { throw Unexpected() } }
        for blob in blobs {
            #expect(try place.storage.isThere(blob.digest))
            #expect(try place.storage.size(of: blob.digest) == blob.size)
        }
        let file = try place.storage.open(digest)
        #expect(try file.readBytes(limit: 100) == text)
        var rest = [UInt8](repeating: 0, count: 5)
        #expect(try rest.withUnsafeMutableBytes { try file.read(into: $0, at: 13) } == 5)
        #expect(rest == Array("bytes".utf8))
        #expect(try names(place) == blobs.map(\.digest.hex).sorted())
        #expect(try Directory.names(in: place.paths.staging).isEmpty)
    }

    @Test(
        "what is published again is there already, whether it has a row or not",
        arguments: Kind.allCases,
        [true, false]
    )
    func again(kind: Kind, isNamed: Bool) throws {
        let place = try place(kind)
        try publish([place.stage(text)], place)
        let outcomes = try publish([place.stage(text), place.stage(text)], place, named: isNamed ? [digest] : [])
        for outcome in outcomes { if case .replaced = outcome { throw Unexpected() } }
        #expect(try place.storage.open(digest).readBytes(limit: 100) == text)
        #expect(try names(place).count == 1)
    }

    @Test(
        "other bytes under a blob's name are seen, and replaced by the right ones",
        arguments: Kind.allCases,
        [true, false]
    )
    func spoilt(kind: Kind, isNamed: Bool) throws {
        for bad in [Array("the ReleaseD bytes".utf8), Array(text.dropLast()), []] {
            let place = try place(kind)
            try publish([place.stage(text)], place)
            try place.spoil(digest, bad)
            guard case .bad = try look(place, digest, size: Int64(text.count)) else { throw Unexpected() }
            guard case .bytes(let found, _) = place.storage.read(digest, buffer: ReadBuffer(), progress: { _ in }),
                found == Digest.of(bad)
            else { throw Unexpected() }
            guard case .replaced = try publish([place.stage(text)], place, named: isNamed ? [digest] : [])[0] else {
                throw Unexpected()
            }
            #expect(try place.storage.open(digest).readBytes(limit: 100) == text)
            guard case .whole = try look(place, digest, size: Int64(text.count)) else { throw Unexpected() }
        }
    }

    @Test("a look says what is there, and what isn't", arguments: Kind.allCases)
    func looking(kind: Kind) throws {
        let place = try place(kind)
        guard case .absent = try look(place, digest, size: nil) else { throw Unexpected() }
        try publish([place.stage(text)], place)
        guard case .whole = try look(place, digest, size: nil) else { throw Unexpected() }
        guard case .bad = try look(place, digest, size: 3) else { throw Unexpected() }
    }

    @Test("what is removed is gone, and a second removal finds nothing", arguments: Kind.allCases)
    func removal(kind: Kind) throws {
        let place = try place(kind)
        try publish([place.stage(text)], place)
        #expect(try place.storage.remove(digest) == Int64(text.count))
        #expect(try place.storage.remove(digest) == nil)
        #expect(try !place.storage.isThere(digest))
        #expect(throws: StoreError.self) { try place.storage.open(digest).status() }
        #expect(try names(place).isEmpty)
        try publish([place.stage(text)], place)
        #expect(try place.storage.open(digest).readBytes(limit: 100) == text)
    }

    @Test("what is set aside is kept, and its name is free", arguments: Kind.allCases)
    func settingAside(kind: Kind) throws {
        let place = try place(kind)
        #expect(try place.storage.setAside(digest, at: time) == nil)
        try publish([place.stage(text)], place)
        try place.spoil(digest, [1, 2, 3])
        let path = try #require(try place.storage.setAside(digest, at: time))
        #expect(try File.open(path).readBytes(limit: 100) == [1, 2, 3])
        #expect(try !place.storage.isThere(digest))
        try publish([place.stage(text)], place)
        #expect(try place.storage.open(digest).readBytes(limit: 100) == text)
    }

    @Test("many that publish and open one blob at a time never meet a part of it", arguments: Kind.allCases)
    func together(kind: Kind) throws {
        let place = try place(kind)
        let big = [UInt8](repeating: 7, count: 300_000)
        let digest = Digest.of(big)
        let lengths: [Bool] = try Parallel.map(Array(0..<16), width: 4) { _ throws(any Error) in
            try publish([place.stage(big)], place)
            return try place.storage.open(digest).readBytes(limit: 1 << 20) == big
        }
        #expect(lengths == [Bool](repeating: true, count: 16))
    }

    private struct Unexpected: Error {}
}

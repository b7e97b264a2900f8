import ArtifactStore
import ContentAddress
import Foundation
import OCI
import Release
import SystemIO
import Testing

@Suite struct ImportTests {
    private let fixture: Fixture
    private let bytes = Array("bytes of another store".utf8)

    init() throws {
        fixture = try Fixture()
    }

    private func request(_ bytes: [UInt8], platform: String = "any") throws -> ImportRequest {
        let release = try ReleaseKey(parsing: "agent@1.2.3")
        let artifact = ImportedArtifact(
            key: ArtifactKey(
                name: release.name,
                version: release.version,
                platform: try ArtifactPlatform(parsing: platform)
            ),
            digest: .of(bytes),
            size: Int64(bytes.count),
            fileName: "agent",
            mode: 0o640
        )
        let blobs = [artifact.digest: artifact.size]
        return ImportRequest(source: "oci:elsewhere", artifacts: [artifact], images: [], blobs: blobs)
    }

    private func add(_ bytes: [UInt8], as digest: Digest, to intake: StoreImport) throws -> Digest {
        try intake.add(digest) { sink in try bytes.withUnsafeBytes { try sink($0) } }.digest
    }

    @Test func whatArrivedIsNotCollectedBeforeItIsNamed() throws {
        let store = try fixture.store()
        let intake = try store.beginImport(request(bytes))
        #expect(intake.missing == [.of(bytes)])
        #expect(try add(bytes, as: .of(bytes), to: intake) == .of(bytes))
        _ = try store.collect(grace: 0)
        let result = try intake.commit()
        #expect(result.artifacts.map(\.isNew) == [true])
        #expect(result.blobsCopied == 1)
        _ = try store.collect(grace: 0)
        #expect(try store.verify().faults.isEmpty)
        #expect(try store.readBlob(.of(bytes)) == bytes)
        #expect(try store.latestEvents(limit: 1).first?["source"] == "oci:elsewhere")
    }

    @Test func bytesOfAnotherDigestAreNotKept() throws {
        let store = try fixture.store()
        let intake = try store.beginImport(request(bytes))
        #expect(try add([1, 2, 3], as: .of(bytes), to: intake) == .of([1, 2, 3]))
        #expect(intake.missing == [.of(bytes)])
        #expect(throws: StoreError.self) { try intake.commit() }
        #expect(fixture.blobNames.isEmpty)
        #expect(try store.events().isEmpty)
    }

    @Test func aKeyThatIsTakenMeanwhileStaysAsItIs() throws {
        let store = try fixture.store()
        let intake = try store.beginImport(request(bytes))
        _ = try add(bytes, as: .of(bytes), to: intake)
        let others = try store.put([fixture.request(fixture.file("agent", "other bytes"))])
        #expect(throws: StoreError.self) { try intake.commit() }
        #expect(
            try store.artifacts(of: ReleaseKey(parsing: "agent@1.2.3")).map(\.digest) == others.map(\.artifact.digest)
        )
    }

    @Test func anotherNameOfTheSameFileIsToldAndAnotherModeRefused() throws {
        let store = try fixture.store()
        let named = try fixture.file("agent-1", String(decoding: bytes, as: UTF8.self))
        var put = try fixture.request(named)
        put.mode = 0o640
        _ = try store.put([put])
        let result = try store.beginImport(request(bytes)).commit()
        #expect(result.artifacts.map(\.isNew) == [false])
        #expect(result.artifacts.map(\.differences) == [[.fileName(released: "agent-1", offered: "agent")]])

        let other = Array("another file".utf8)
        var second = try fixture.request(fixture.file("agent", String(decoding: other, as: UTF8.self)), "agent@2")
        second.mode = 0o600
        _ = try store.put([second])
        var offered = try request(other)
        offered = ImportRequest(
            source: "oci:elsewhere",
            artifacts: offered.artifacts.map {
                var artifact = $0
                artifact.key = ArtifactKey(name: $0.key.name, version: second.version, platform: $0.key.platform)
                return artifact
            },
            images: [],
            blobs: offered.blobs
        )
        let error = #expect(throws: StoreError.self) { try store.beginImport(offered).commit() }
        #expect(error?.kind == .conflict)
    }

    @Test func aProgramOfAnotherPlatformIsRefused() throws {
        let program = try Array(Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe")).prefix(1 << 20))
        let store = try fixture.store()
        let intake = try store.beginImport(request(program, platform: "linux/s390x"))
        _ = try add(program, as: .of(program), to: intake)
        #expect(throws: StoreError.self) { try intake.commit() }
        #expect(try store.releases().isEmpty)
    }

    @Test func aLostFileComesBack() throws {
        let store = try fixture.store()
        let first = try store.beginImport(request(bytes))
        _ = try add(bytes, as: .of(bytes), to: first)
        _ = try first.commit()
        try Directory.remove(store.paths.blob(.of(bytes)))
        let second = try store.beginImport(request(bytes))
        #expect(second.missing == [.of(bytes)])
        _ = try add(bytes, as: .of(bytes), to: second)
        #expect(try second.commit().artifacts.map(\.isNew) == [false])
        #expect(try store.verify().faults.isEmpty)
        #expect(try store.events().count == 1)
    }
}

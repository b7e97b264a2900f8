import ArtifactStore
import ContentAddress
import Glibc
import SystemIO
import Testing

@Suite struct ReadTests {
    let fixture: Fixture
    let store: Store
    let artifact: Artifact

    init() throws {
        fixture = try Fixture()
        store = try fixture.store()
        let bytes = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 13) }
        artifact = try store.put([fixture.request(fixture.file("agent", bytes, mode: 0o755))])[0].artifact
    }

    @Test func aCopyHasTheBytesAndTheMode() throws {
        let target = fixture.directory + "/copy"
        try store.copyBlob(artifact.digest, to: target, mode: artifact.mode)
        #expect(try Digest.of(fixture.bytes(target)) == artifact.digest)
        #expect(try FileStatus.of(target).mode == 0o755)
    }

    @Test(arguments: [0, 1, 300_000, 699_999])
    func aDamagedBlobNeverGetsAName(position: Int) throws {
        try flip(position)
        let target = try fixture.file("copy", "what was there")
        let error = #expect(throws: StoreError.self) {
            try store.copyBlob(artifact.digest, to: target, mode: artifact.mode)
        }
        #expect(error?.kind == .integrity)
        #expect(try fixture.bytes(target) == Array("what was there".utf8))
        #expect(try Directory.names(in: fixture.directory).sorted() == ["agent", "copy", "store"])
        #expect(throws: StoreError.self) { try store.readBlob(artifact.digest) }
    }

    @Test func existingFilesStayWhereThatIsAsked() throws {
        let target = try fixture.file("copy", "what was there")
        #expect(throws: StoreError.self) {
            try store.copyBlob(artifact.digest, to: target, mode: 0o644, replacing: false)
        }
        #expect(try fixture.bytes(target) == Array("what was there".utf8))
    }

    @Test func unknownDigestsAreNotFound() {
        let error = #expect(throws: StoreError.self) { try store.readBlob(.of("something else")) }
        #expect(error?.kind == .notFound)
    }

    private func flip(_ position: Int) throws {
        let path = store.paths.blob(artifact.digest)
        chmod(path, 0o644)
        let file = try File.open(path, O_RDWR)
        var byte: [UInt8] = [0]
        _ = try byte.withUnsafeMutableBytes { try file.read(into: $0, at: Int64(position)) }
        byte[0] ^= 1
        try byte.withUnsafeBytes { try file.write($0, at: Int64(position)) }
    }
}

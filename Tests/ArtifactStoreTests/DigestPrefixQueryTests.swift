import ArtifactStore
import ContentAddress
import Testing

@Suite struct DigestPrefixQueryTests {
    @Test func firstDigitsFindAStoredDigest() throws {
        let fixture = try Fixture()
        let store = try fixture.store(durable: false)
        let path = try fixture.file("ca.pem", "certificates")
        let digest = try #require(store.put([fixture.request(path)]).first?.artifact.digest)
        let prefix = try #require(DigestPrefix(String(digest.hex.prefix(7))))
        #expect(try store.digest(beginningWith: prefix) == digest)
        let other = try #require(DigestPrefix("0123456789abcdef"))
        #expect(throws: StoreError.self) { try store.digest(beginningWith: other) }
    }
}

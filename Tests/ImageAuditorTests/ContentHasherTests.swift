import ContentAddress
import Synchronization
import Testing

@testable import ImageAuditor

@Suite struct ContentHasherTests {
    @Test func theDigestsOfRFC1321AndFIPS180() throws {
        let sums = Self.sums(of: [[Array("abc".utf8)]])
        #expect(sums[0].md5.map(Hexadecimal.encode) == "900150983cd24fb0d6963f7d28e17f72")
        #expect(sums[0].sha1.map(Hexadecimal.encode) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    }

    /// Contents of every size around a buffer's, in pieces, many small ones among them: each has its own digests.
    @Test func contentsKeepApart() throws {
        let sizes = [0, 1, 1000, 262_143, 262_144, 262_145, 700_000] + Array(repeating: 3, count: 10_000) + [1_500_000]
        let contents = sizes.enumerated().map { number, size in
            [Self.content(size / 3, seed: number), Self.content(size - size / 3, seed: number + 1)]
        }
        let sums = Self.sums(of: contents)
        try #require(sums.count == contents.count)
        for (content, sum) in zip(contents, sums) {
            #expect(sum.md5 == Self.digest(.md5, content))
            #expect(sum.sha1 == Self.digest(.sha1, content))
        }
    }

    /// What a broken archive leaves half read counts for nothing.
    @Test func aContentThatWasNotFinishedIsDropped() throws {
        let (hasher, found) = (ContentHasher(), Found())
        hasher.begin(md5: true)
        Array("lost".utf8).withUnsafeBytes(hasher.take)
        hasher.begin(md5: true)
        Array("abc".utf8).withUnsafeBytes(hasher.take)
        hasher.finish { sums in found.sums.withLock { $0.append(sums) } }
        hasher.close()
        #expect(found.sums.withLock { $0.map(\.md5) } == [Self.digest(.md5, [Array("abc".utf8)])])
    }

    private final class Found: Sendable {
        let sums = Mutex<[ContentRecord.Sums]>([])
    }

    private static func sums(of contents: [[[UInt8]]]) -> [ContentRecord.Sums] {
        let (hasher, found) = (ContentHasher(), Found())
        for content in contents {
            hasher.begin(md5: true)
            for piece in content { piece.withUnsafeBytes(hasher.take) }
            hasher.finish { sums in found.sums.withLock { $0.append(sums) } }
        }
        hasher.close()
        return found.sums.withLock { $0 }
    }

    private static func content(_ size: Int, seed: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed &+ $0 >> 8) }
    }

    private static func digest(_ algorithm: LegacyHasher.Algorithm, _ pieces: [[UInt8]]) -> [UInt8]? {
        guard var hasher = LegacyHasher(algorithm) else { return nil }
        for piece in pieces { hasher.update(piece) }
        return hasher.finalize()
    }
}

import ContentAddress
import OCI
import Synchronization
import Testing

@testable import Publishing

@Suite struct RecentReadsTests {
    @Test("what was read counts for its time, at its place, in its state")
    func time() {
        let clock = Mutex<Int64>(1000)
        let reads = RecentReads(for: 500) { Timestamp(milliseconds: clock.withLock(\.self)) }
        let digest = Digest.of("a")
        #expect(!reads.has(digest, at: "x"))
        reads.note(digest, at: "x")
        reads.note(digest, at: "y", state: "1")
        #expect(reads.has(digest, at: "x"))
        #expect(reads.has(digest, at: "y", state: "1"))
        #expect(!reads.has(digest, at: "y", state: "2"))
        #expect(!reads.has(digest, at: "y"))
        #expect(!reads.has(Digest.of("b"), at: "x"))
        clock.withLock { $0 = 1499 }
        #expect(reads.has(digest, at: "x"))
        clock.withLock { $0 = 1500 }
        #expect(!reads.has(digest, at: "x"))
        // A clock that was set back makes nothing younger.
        clock.withLock { $0 = 999 }
        #expect(!reads.has(digest, at: "x"))
    }

    @Test("nothing counts for no time")
    func none() {
        let reads = RecentReads(for: 0) { Timestamp(milliseconds: 1) }
        reads.note(Digest.of("a"), at: "x")
        #expect(!reads.has(Digest.of("a"), at: "x"))
    }
}

import ArtifactStore
import ContentAddress
import NIOHTTP1
import Testing
import TransparencyLog

@testable import RegistryServer

/// The log as files of C2SP tlog-tiles.
struct LogFileTests {
    @Test(arguments: [
        ("tile/0/000", Tile(level: 0, index: 0), false),
        ("tile/1/x001/234.p/5", Tile(level: 1, index: 1234, count: 5), false),
        ("tile/entries/x001/x234/067", Tile(level: 0, index: 1_234_067), true),
        ("tile/entries/000.p/255", Tile(level: 0, index: 0, count: 255), true),
    ])
    func `a path names a tile`(path: String, tile: Tile, isEntries: Bool) throws {
        let found = try #require(LogFiles.tile(path))
        #expect(found.0 == tile && found.isEntries == isEntries)
    }

    @Test(arguments: [
        "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/1000", "tile/00/000", "tile/64/000", "tile/-1/000",
        "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/05", "tile/0/000.p", "tile/0/.p/5", "tile/0/000/.p/5",
        "tile/0/001/234", "tile/0/x000/001", "tile/0/xx01/234", "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/entries", "tile/entry/000", "tile/0/+01", "tile/0/000/", "tile//000", "tile/0/x001/",
    ])
    func `a path that no tile has names none`(path: String) { #expect(LogFiles.tile(path) == nil) }

    @Test func `tiles have the hashes of their entries, and those behind the end aren't there`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        for number in 0..<300 {
            _ = try fixture.store.createToken("t\(number)", scopes: ["*:pull"], until: nil)
        }
        let size = try fixture.store.logHead().size
        let (rest, whole) = (Int(size % 256), Digest.byteCount * 256)
        #expect(size > 256 && rest > 1)
        let first = fixture.answer("/log/tile/0/000")
        #expect(try first.bytes.count == whole)
        #expect(first["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(try fixture.answer("/log/tile/0/001.p/\(rest)").bytes.count == Digest.byteCount * rest)
        // A width that the log had before.
        let earlier = try fixture.answer("/log/tile/0/000.p/7").bytes
        #expect(try earlier == Array(first.bytes.prefix(7 * Digest.byteCount)))
        let entries = try fixture.answer("/log/tile/entries/000.p/1").bytes
        let length = Int(entries[0]) << 8 | Int(entries[1])
        #expect(entries.count == length + 2)
        #expect(MerkleHash.leaf(Array(entries.dropFirst(2))).bytes == Array(earlier.prefix(Digest.byteCount)))
        #expect(try fixture.answer("/log/tile/1/000.p/1").bytes.count == Digest.byteCount)
        for missing in [
            "/log/tile/0/001", "/log/tile/0/001.p/\(rest + 1)", "/log/tile/0/002.p/1", "/log/tile/1/000.p/2",
            "/log/tile/2/000.p/1", "/log/tile/0/x999/x999/x999/x999/x999/999", "/log/checkpoint", "/log/tile/x",
            "/log/checkpoint/x",
        ] {
            let answer = fixture.answer(missing)
            #expect(answer.status == .notFound, "\(missing)")
            #expect(answer["Content-Type"] == "application/problem+json")
        }
        #expect(fixture.answer("/log/tile/0/000", .HEAD).body.count == Int64(whole))
        #expect(fixture.answer("/log/tile/0/000", .DELETE).status == .methodNotAllowed)
        #expect(fixture.answer("/log").status == .ok)
    }

    @Test func `the checkpoint is the one that was signed last, as it was signed`() throws {
        let fixture = try Fixture()
        try fixture.addImage(["agent:1"])
        try fixture.store.keepCheckpoint(fixture.store.logHead(), note: Array("an earlier note\n\n".utf8))
        try fixture.addImage(["agent:2"])
        try fixture.store.keepCheckpoint(fixture.store.logHead(), note: Array("a note\n\n".utf8))
        let answer = fixture.answer("/log/checkpoint")
        #expect(try answer.text == "a note\n\n")
        #expect(answer["Cache-Control"] == "no-cache")
    }
}

import Archive
import Testing

/// What we write, other programs and our own reader must read the same.
@Suite struct TarWriterTests {
    private static let headers: [TarHeader] = [
        TarHeader(path: "bin", kind: .directory, mode: 0o755),
        TarHeader(path: "bin/tool", kind: .file, mode: 0o4755, uid: 65534, gid: 5, size: 3, modified: 1_700_000_000),
        TarHeader(path: "bin/link", kind: .symbolicLink, mode: 0o777, linkName: "../bin/tool"),
        TarHeader(path: "bin/hard", kind: .hardLink, mode: 0o644, linkName: "bin/tool"),
        TarHeader(path: String(repeating: "d/", count: 60) + "file", kind: .file, mode: 0o600),
        TarHeader(path: String(repeating: "n", count: 250), kind: .file, mode: 0o600),
        TarHeader(path: "bin/größe", kind: .file, mode: 0o600, uid: 3_000_000_000, gid: 3_000_000_000),
        TarHeader(path: "l", kind: .symbolicLink, mode: 0o777, linkName: String(repeating: "t/", count: 80)),
        TarHeader(path: "x", kind: .file, mode: 0o600, extendedAttributes: ["user.a": [0, 255]]),
        TarHeader(path: "old", kind: .file, mode: 0o600, modified: -5),
        TarHeader(path: "null", kind: .characterDevice(major: 1, minor: 3), mode: 0o666),
        TarHeader(path: "pipe", kind: .pipe, mode: 0o600),
    ]

    private static func archive() -> [UInt8] {
        headers.flatMap { header in
            TarWriter.encode(header) + [UInt8](repeating: 0x61, count: Int(header.size))
                + TarWriter.padding(after: header.size)
        } + TarWriter.trailer
    }

    @Test func ourReaderReadsThemBack() throws {
        var reader = TarReader()
        var entries: [TarEntry] = []
        try Self.archive().withUnsafeBytes { bytes in
            var rest = bytes
            while let event = try reader.next(&rest) {
                if case .entry(let entry) = event { entries.append(entry) }
            }
        }
        #expect(entries.count == Self.headers.count)
        for (entry, header) in zip(entries, Self.headers) {
            var path = String(decoding: entry.path, as: UTF8.self)
            if path.hasSuffix("/") { path.removeLast() }
            #expect(path == header.path)
            #expect(entry.mode == UInt32(header.mode))
            #expect(entry.uid == Int64(header.uid))
            #expect(entry.gid == Int64(header.gid))
            #expect(entry.size == header.size)
            #expect(entry.modified == header.modified)
            #expect(String(decoding: entry.linkName, as: UTF8.self) == header.linkName)
        }
    }

    @Test func headersAreWholeBlocks() {
        for header in Self.headers { #expect(TarWriter.encode(header).count % TarWriter.blockSize == 0) }
        #expect(TarWriter.encode(Self.headers[1]).count == TarWriter.blockSize)
        #expect(TarWriter.encode(Self.headers[4]).count == TarWriter.blockSize)
        #expect(TarWriter.encode(Self.headers[5]).count == 3 * TarWriter.blockSize)
    }

    @Test func aLargeSizeIsARecord() {
        let header = TarHeader(path: "a", kind: .file, mode: 0o644, size: 1 << 40)
        let text = String(decoding: TarWriter.encode(header), as: UTF8.self)
        #expect(text.contains("22 size=1099511627776\n"))
    }
}

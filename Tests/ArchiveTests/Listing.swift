import Archive
import ContentAddress

/// What an archive holds, one line an entry, in a form that other programs can print too.
enum Listing {
    /// Reads an archive in pieces of a size.
    static func of(_ archive: [UInt8], pieces: Int = 65_536, appliesGlobalHeaders: Bool = true) throws -> [String] {
        var reader = TarReader(appliesGlobalHeaders: appliesGlobalHeaders)
        var lines: [String] = []
        var hash = OpenHash()
        var entry: TarEntry?
        try archive.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: pieces) {
                var input = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + pieces, bytes.count)])
                while let event = try reader.next(&input) {
                    switch event {
                    case .entry(let found):
                        entry = found
                        hash = OpenHash()
                    case .content(let piece): hash.update(piece)
                    case .hole(let count): hash.update([UInt8](repeating: 0, count: Int(count)))
                    case .endOfEntry: if let entry { lines.append(line(entry, hash.digest)) }
                    case .globalHeader, .endOfArchive: break
                    }
                }
            }
        }
        try reader.finish()
        return lines
    }

    private static func line(_ entry: TarEntry, _ digest: Digest) -> String {
        var path = entry.path[...]
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        let fields: [Any] = [
            Hexadecimal.encode(path), kind(entry.kind), String(entry.mode, radix: 8), entry.uid, entry.gid, entry.size,
            entry.modified, Hexadecimal.encode(entry.linkName), entry.device.major, entry.device.minor,
            entry.kind == .file ? digest.short : "-",
            entry.extendedAttributes.map { "\(Hexadecimal.encode($0.key))=\(Hexadecimal.encode($0.value))" }.sorted()
                .joined(separator: ","),
        ]
        return fields.map { "\($0)" }.joined(separator: " ")
    }

    private static func kind(_ kind: TarEntry.Kind) -> String {
        switch kind {
        case .file: "file"
        case .hardLink: "hard"
        case .symbolicLink: "symbolic"
        case .characterDevice: "character"
        case .blockDevice: "block"
        case .directory: "directory"
        case .pipe: "pipe"
        case .other(let flag): "other\(flag)"
        }
    }

    private final class OpenHash {
        private var content: [UInt8] = []
        func update(_ bytes: some Sequence<UInt8>) { content.append(contentsOf: bytes) }
        var digest: Digest { Digest.of(content) }
    }

    /// The same listing by Python's tarfile, as a program that takes the archive's path.
    static let python = #"""
        import sys, tarfile, hashlib
        kinds = {b'0': 'file', b'\0': 'file', b'7': 'file', b'S': 'file', b'1': 'hard', b'2': 'symbolic',
                 b'3': 'character', b'4': 'block', b'5': 'directory', b'6': 'pipe'}
        raw = lambda text: text.encode('utf-8', 'surrogateescape')
        with tarfile.open(sys.argv[1], 'r:', encoding='utf-8', errors='surrogateescape') as archive:
            for member in archive:
                kind = 'file' if member.isreg() else kinds.get(member.type, 'other%d' % member.type[0])
                digest = '-'
                if kind == 'file':
                    digest = 'sha256:' + hashlib.sha256(archive.extractfile(member).read()).hexdigest()[:12]
                prefix = 'SCHILY.xattr.'
                xattrs = sorted(raw(key[len(prefix):]).hex() + '=' + raw(value).hex()
                                for key, value in member.pax_headers.items() if key.startswith(prefix))
                import math
                print(raw(member.name).hex(), kind, '%o' % member.mode, member.uid, member.gid,
                      member.size if kind == 'file' else 0, math.floor(float(member.mtime)), raw(member.linkname).hex(),
                      member.devmajor, member.devminor, digest, ','.join(xattrs))
        """#
}

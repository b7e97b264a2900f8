import Archive
import Foundation
import TestSupport
import Testing

/// Archives by GNU tar and Python, in every dialect they write, read as Python reads them.
@Suite struct TarForeignWriterTests {
    // Names that need every extension: long, longer than a ustar prefix, not ASCII, not UTF-8, deep; links; sparse.
    static let tree = #"""
        mkdir -p tree/d/e; cd tree
        printf hello > a; : > empty; head -c 512 /dev/zero > block; head -c 100000 /bin/bash > big; chmod 4755 big
        ln -s a symbolic; ln a hard; mkfifo pipe; ln -s "$(printf 'x%.0s' {1..150})" longlink
        printf n > "$(printf 'n%.0s' {1..150})"
        mkdir -p "$(printf 'deep-directory-name/%.0s' {1..20})"; printf z > "$(printf 'deep-directory-name/%.0s' {1..20})leaf"
        printf u > ünï; printf b > $'latin\xe9'; chmod 1777 d; touch -d '1965-02-03 04:05:06.7' old
        cd ..
        """#
    static let sparse = #"""
        truncate -s 3M tree/holes; printf A | dd of=tree/holes bs=1 seek=70000 conv=notrunc status=none
        printf B | dd of=tree/holes bs=1 seek=2000000 conv=notrunc status=none
        for i in {1..60}; do printf C | dd of=tree/manyholes bs=1 seek=$((i * 65536)) conv=notrunc status=none; done
        truncate -s 1M tree/allhole
        """#

    @Test(arguments: [
        ("gnu", "tar --format=gnu"),
        ("oldgnu", "tar --format=oldgnu"),
        ("posix", "tar --format=posix"),
        ("gnu, sparse", "tar --format=gnu -S"),
        ("sparse 0.0", "tar --format=posix -S --sparse-version=0.0"),
        ("sparse 0.1", "tar --format=posix -S --sparse-version=0.1"),
        ("sparse 1.0", "tar --format=posix -S --sparse-version=1.0"),
        ("numeric owners beyond octal", "tar --format=gnu --owner=:3000000 --group=:4294967294"),
    ])
    func readsGNUTar(label: String, command: String) throws {
        try withTemporaryDirectory { directory in
            try Shell.run(Self.tree + "\n" + Self.sparse + "\n\(command) -cf archive.tar tree", in: directory)
            try compare(directory)
        }
    }

    @Test(arguments: ["ustar", "v7"])
    func readsOldDialects(format: String) throws {
        try withTemporaryDirectory { directory in
            try Shell.run(
                "mkdir -p tree/d; echo a > tree/a; ln -s a tree/s; ln tree/a tree/d/h; chmod 2750 tree/d\n"
                    + "mkdir -p tree/\(String(repeating: "p", count: 60)); echo b > tree/\(String(repeating: "p", count: 60))/b\n"
                    + "tar --format=\(format) -cf archive.tar tree",
                in: directory
            )
            try compare(directory)
        }
    }

    @Test(arguments: ["USTAR_FORMAT", "GNU_FORMAT", "PAX_FORMAT"])
    func readsPythonsTarfile(format: String) throws {
        try withTemporaryDirectory { directory in
            let long = format == "USTAR_FORMAT" ? 80 : 300
            let program = """
                import tarfile, io
                with tarfile.open('archive.tar', 'w', format=tarfile.\(format)) as t:
                    for name, kind, link in [('f', b'0', ''), ('d', b'5', ''), ('l', b'2', 'f'), ('h', b'1', 'f'),
                                             ('c', b'3', ''), ('b', b'4', ''), ('p', b'6', ''), ('L' * \(long), b'0', '')]:
                        i = tarfile.TarInfo(name); i.type = kind; i.linkname = link; i.devmajor = 7; i.devminor = 300
                        i.mode = 0o4711; i.mtime = 1234567890; i.uid = 1000; i.gid = 2000
                        if \(format == "PAX_FORMAT" ? "True" : "False"):
                            i.pax_headers = {'SCHILY.xattr.security.capability': 'cap', 'comment': 'x'}; i.mtime = -12.25
                        data = b'x' * 700 if kind == b'0' else b''
                        i.size = len(data); t.addfile(i, io.BytesIO(data))
                """
            try program.write(toFile: directory + "/write.py", atomically: true, encoding: .utf8)
            try Shell.run("python3 write.py", in: directory)
            try compare(directory)
        }
    }

    @Test func globalHeadersHoldForAllEntriesOrForNone() throws {
        try withTemporaryDirectory { directory in
            var builder = TarBuilder()
            builder.add("global", "g", content: TarBuilder.record("mtime", [UInt8(ascii: "5")]))
            builder.file("a", "a")
            let archive = builder.archive
            try Data(archive).write(to: URL(fileURLWithPath: directory + "/archive.tar"))
            #expect(try Listing.of(archive)[0].contains(" 5 "))
            #expect(try !Listing.of(archive, appliesGlobalHeaders: false)[0].contains(" 5 "))
            try compare(directory)
        }
    }

    // The same lines for every way in which the archive is cut into pieces.
    private func compare(_ directory: String) throws {
        try Listing.python.write(toFile: directory + "/list.py", atomically: true, encoding: .utf8)
        let expected = try Shell.run("python3 list.py archive.tar", in: directory).text.split(separator: "\n").map {
            String($0)
        }
        let archive = Array(try Data(contentsOf: URL(fileURLWithPath: directory + "/archive.tar")))
        #expect(expected.count > 0)
        for pieces in [511, 512, 513, 10_240, archive.count] {
            #expect(try Listing.of(archive, pieces: pieces) == expected, "pieces of \(pieces)")
        }
        let short = Array(archive.prefix(60_000))
        #expect((try? Listing.of(short, pieces: 1)) == (try? Listing.of(short)))
    }
}

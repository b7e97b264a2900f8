import Archive
import Foundation
import TestSupport
import Testing

/// What other programs packed is what is found.
@Suite("Members of archives")
struct ArchiveReaderTests {
    private static let tree = """
        mkdir -p tree/usr/bin
        printf '#!/bin/sh\\necho tool 1.2.3\\n' > tree/usr/bin/tool
        printf 'the license of the tool' > tree/LICENSE
        : > tree/empty
        chmod 755 tree/usr/bin/tool; chmod 644 tree/LICENSE tree/empty

        """
    private static let files = [
        "LICENSE 644 the license of the tool", "empty 644 ", "usr/bin/tool 755 #!/bin/sh\necho tool 1.2.3\n",
    ]
    private static let deb = """
        mkdir tree/DEBIAN
        printf 'Package: tool\\nVersion: 1.2.3\\nArchitecture: all\\nMaintainer: a <a@example.org>\\nDescription: d\\n' \
            > tree/DEBIAN/control
        """

    private static let stub = "printf '#!/bin/sh\\nexit 0\\n' > stub; (cd tree && zip -qr ../x.zip .);"

    @Test(
        "each format is read as its own program wrote it",
        arguments: [
            ("tar -C tree -cf out .", "plain tar"),
            ("tar -C tree -czf out .", "gzip"),
            ("tar -C tree -cJf out .", "xz"),
            ("tar -C tree --zstd -cf out .", "zstd"),
            ("tar -C tree -cjf out .", "bzip2"),
            ("cd tree && zip -qr ../x.zip . && mv ../x.zip ../out", "zip"),
            ("cd tree && zip -qr0 ../x.zip . && mv ../x.zip ../out", "zip, stored"),
            ("cd tree && zip -qr - . > ../out", "zip, with sizes behind the content"),
            ("cd tree && find . -type f | cpio --quiet -o -H newc > ../out", "cpio"),
            ("cd tree && find . -type f | cpio --quiet -o -H crc > ../out", "cpio with checksums"),
            ("cd tree && find . -type f | cpio --quiet -o -H odc > ../out", "portable cpio"),
            ("cd tree && find . -type f | cpio --quiet -o -H newc | gzip > ../out", "cpio, gzip"),
            (stub + "cat stub x.zip > out", "self-extracting zip"),
            (
                stub + "cat stub x.zip > out.zip && zip -qA out.zip && mv out.zip out",
                "self-extracting zip, offsets adjusted"
            ),
            (
                stub
                    + "python3 -c 'import zipfile; z = zipfile.ZipFile(\"stub\", \"a\"); z.write(\"tree/LICENSE\", \"LICENSE\");"
                    + " z.write(\"tree/empty\", \"empty\"); z.write(\"tree/usr/bin/tool\", \"usr/bin/tool\"); z.close()' && mv stub out",
                "zip that Python appended"
            ),
            (deb + "\ndpkg-deb --root-owner-group -Zgzip -b tree out.deb > /dev/null; mv out.deb out", "deb, gzip"),
            (deb + "\ndpkg-deb --root-owner-group -Zxz -b tree out.deb > /dev/null; mv out.deb out", "deb, xz"),
            (deb + "\ndpkg-deb --root-owner-group -Zzstd -b tree out.deb > /dev/null; mv out.deb out", "deb, zstd"),
            (deb + "\ndpkg-deb --root-owner-group -Znone -b tree out.deb > /dev/null; mv out.deb out", "deb, plain"),
        ]
    )
    func formats(pack: String, name: String) throws {
        let listing = try list(pack)
        #expect(listing.error == nil)
        #expect(listing.failures.isEmpty)
        #expect(listing.files == Self.files)
    }

    @Test("an Alpine package is one tar archive in several gzip members")
    func alpine() throws {
        // The first two archives are cut before their end, as abuild-tar --cut does.
        let listing = try list(
            """
            echo 'pkgname = tool' > .PKGINFO
            tar -cf control .PKGINFO && head -c 1024 control | gzip > out
            tar -C tree -cf - . | gzip >> out
            """
        )
        #expect(listing.error == nil)
        #expect(listing.files == [".PKGINFO 644 pkgname = tool\n"] + Self.files)
    }

    @Test("an RPM's payload is read, with names that share a file")
    func rpm() throws {
        let tool = "#!/bin/sh\necho tool 1.2.3\n"
        var cpio = CPIOBuilder()
        cpio.add("./usr/bin", mode: 0o040755)
        cpio.add("./usr/bin/first", mode: 0o100755, inode: 7, links: 2)
        cpio.add("./usr/bin/tool", mode: 0o100755, inode: 7, links: 2, tool)
        cpio.add("./usr/bin/link", mode: 0o120777, "tool")
        cpio.add("./empty", mode: 0o100644)
        let listing = MemberListing(CPIOBuilder.rpm(cpio.archive))
        #expect(listing.error == nil)
        #expect(
            listing.lines == [
                "usr/bin 755 directory", "usr/bin/tool 755 \(tool)", "usr/bin/first 755 = ./usr/bin/tool",
                "usr/bin/link 777 link", "empty 644 ",
            ]
        )
    }

    @Test("a zip file that readers find two directories in isn't read")
    func twoDirectories() {
        var first = ZipBuilder()
        first.add("first", "the first file's content")
        var second = ZipBuilder()
        second.add("other", "the other file's content")
        // The second's offsets, counted from the whole file's start, lead to the first's directory.
        let listing = MemberListing(first.archive + second.archive)
        #expect(listing.lines.isEmpty)
        #expect((listing.error as? ArchiveError)?.reason == .twoReadings)
    }

    @Test(
        "what is appended to a zip file is passed over, unless there are two ends then",
        arguments: [(1, false), (512, false), (60_000, false), (70_000, true), (512, true)]
    )
    func behindAZipFile(count: Int, isRefused: Bool) {
        var zip = ZipBuilder()
        zip.add("tool", "a program's content")
        let padding = [UInt8](repeating: 0, count: count)
        let isTwice = isRefused && count < 1 << 16
        let listing = MemberListing(zip.archive + padding + (isTwice ? zip.archive.suffix(22) + padding : []))
        #expect(listing.lines == (isRefused ? [] : ["tool 644 a program's content"]))
        guard isRefused else { return #expect(listing.error == nil) }
        #expect((listing.error as? ArchiveError)?.reason == (isTwice ? .twoReadings : .truncated))
    }

    @Test("what follows a cpio archive's end isn't passed over", arguments: [(512, true), (0, true), (3, false)])
    func behindTheEnd(_ zeros: Int, _ isRead: Bool) {
        var cpio = CPIOBuilder()
        cpio.add("init", mode: 0o100755, "a program")
        let rest = [UInt8](repeating: 0, count: zeros) + (isRead ? [] : CPIOBuilder().archive)
        let listing = MemberListing(cpio.archive + rest)
        #expect(listing.lines == ["init 755 a program"])
        #expect((listing.error == nil) == isRead)
    }

    @Test("a compressed file without an archive in it is one member, without the ending")
    func single() throws {
        let listing = try list("gzip -c tree/usr/bin/tool > out", name: "tool-linux-amd64.gz")
        #expect(listing.lines == ["tool-linux-amd64 644 #!/bin/sh\necho tool 1.2.3\n"])
        #expect(listing.error == nil)
    }

    @Test("a compressed tar archive without members has none, and zeros under another name are a file")
    func empty() throws {
        let archive = try list("tar -cf out -T /dev/null; gzip out; mv out.gz out", name: "tool.tar.gz")
        #expect(archive.lines.isEmpty && archive.error == nil)
        let zeros = try list("head -c 2048 /dev/zero | gzip > out", name: "zeros.gz")
        #expect(zeros.lines.count == 1 && zeros.lines[0].hasPrefix("zeros 644 "))
    }

    @Test("a tar archive's links and devices are members without content")
    func links() throws {
        let listing = try list(
            "ln tree/LICENSE tree/twin; ln -s LICENSE tree/soft; mkfifo tree/pipe; tar -C tree -cf out ."
        )
        #expect(listing.error == nil)
        #expect(listing.lines.filter { $0.contains(" = ") }.count == 1)
        #expect(listing.lines.contains("soft 777 link"))
        #expect(listing.lines.contains("pipe 644 other"))
    }

    @Test("what is not an archive isn't taken for one", arguments: ["", "text", "\u{7F}ELF", "!<arch>\nlib.o/"])
    func others(text: String) {
        #expect(MemberListing(Array(text.utf8)).lines == ["no archive"])
        #expect(MemberListing(Array(text.utf8) + [UInt8](repeating: 0, count: 4096)).lines == ["no archive"])
    }

    private func list(_ pack: String, name: String = "archive") throws -> MemberListing {
        try withTemporaryDirectory { directory in
            try Shell.run("umask 022\n" + Self.tree + pack, in: directory)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: directory + "/out"))
            return MemberListing(Array(bytes), name: name)
        }
    }
}

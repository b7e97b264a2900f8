import ContentAddress
import Foundation
import SBOM
import Testing

@Suite struct InstalledPackageTests {
    @Test func dpkgListsWhatIsInstalled() {
        let packages = DpkgDatabase.packages(
            in: Array(
                """
                Package: base-files
                Status: install ok installed
                Architecture: amd64
                Version: 12.4+deb12u5
                Conffiles:
                 /etc/issue d6d4b9a3a7d2d9b1a3c4e5f601234567
                 /etc/old 0123456789abcdef0123456789abcdef obsolete
                Description: Debian
                 Version: 9 stands in a text
                 .

                Package: removed
                Status: deinstall ok config-files
                Version: 1

                Package: libc6
                Status: install ok installed
                Architecture: amd64
                Multi-Arch: same
                Source: glibc (2.36-9)
                Version: 1:2.36-9+b1
                \u{20}
                Package: without-version

                """.utf8
            )
        )
        #expect(packages.map(\.name) == ["base-files", "libc6"])
        #expect(packages[0].files.map { String(decoding: $0.path, as: UTF8.self) } == ["etc/issue"])
        #expect(packages[1].source == "glibc")
        let system = OSRelease(Array("NAME=Debian\nID=debian\nVERSION_ID=\"12\"\n".utf8))
        #expect(
            packages[1].purl(in: system).description
                == "pkg:deb/debian/libc6@1%3A2.36-9%2Bb1?arch=amd64&distro=debian-12&upstream=glibc"
        )
        #expect(packages[1].purl(in: OSRelease()).description.hasPrefix("pkg:deb/debian/libc6@"))
    }

    @Test func distrolessImagesHaveAFileForEachPackage() {
        #expect(
            DpkgDatabase.packages(in: Array("Package: tzdata\nVersion: 2024a-0\n".utf8)).map(\.version) == ["2024a-0"]
        )
    }

    @Test func digestsOfDpkgAreMD5() throws {
        let files = DpkgDatabase.sums(
            in: Array(
                "d41d8cd98f00b204e9800998ecf8427e  bin/a b\nnot a digest  bin/c\n\nd41d8cd98f00b204e9800998ecf8427e"
                    .utf8
            )
        )
        #expect(files == [InstalledPackage.File(path: Array("bin/a b".utf8), sum: try #require(Self.digest(.md5, [])))])
    }

    @Test func apkListsFilesWithSHA1() throws {
        let sum = try #require(Self.digest(.sha1, Array("x".utf8)))
        let packages = ApkDatabase.packages(
            in: Array(
                """
                C:Q1aaaa
                P:musl
                V:1.2.4-r2
                A:x86_64
                o:musl
                F:lib
                R:ld-musl-x86_64.so.1
                a:0:0:755
                Z:Q1\(Data(sum).base64EncodedString())
                R:unsummed
                F:
                R:top
                Z:Q1short
                not a line

                P:busybox-binsh
                V:1.36.1-r15
                o:busybox
                F:bin
                R:sh
                Z:Q2\(Data(sum).base64EncodedString())
                """.utf8
            )
        )
        #expect(packages.map(\.name) == ["musl", "busybox-binsh"])
        #expect(packages[0].files == [InstalledPackage.File(path: Array("lib/ld-musl-x86_64.so.1".utf8), sum: sum)])
        #expect(packages[0].source == nil)
        #expect(packages[1].source == "busybox")
        #expect(packages[1].files.isEmpty)
        let system = OSRelease(Array("ID=alpine\nVERSION_ID=3.19.1\n".utf8))
        #expect(
            packages[0].purl(in: system).description == "pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.19.1"
        )
    }

    @Test(arguments: ["ID=a b", "ID=", "ID", "ID=\u{1B}[31m", "ID=" + String(repeating: "a", count: 65)])
    func oddSystemsHaveNoName(_ line: String) {
        #expect(OSRelease(Array(line.utf8)).identifier == nil)
    }

    private static func digest(_ algorithm: LegacyHasher.Algorithm, _ bytes: [UInt8]) -> [UInt8]? {
        guard var hasher = LegacyHasher(algorithm) else { return nil }
        hasher.update(bytes)
        return hasher.finalize()
    }
}

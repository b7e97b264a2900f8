import ArtifactStore
import ContentAddress
import OCI
import Release
import Testing

@testable import ReleaseFiles

/// A release page's list of checksums says what each file must be, or says where it is not such a list.
@Suite struct ChecksumListTests {
    private let one = Digest.of(Array("one".utf8))
    private let two = Digest.of(Array("two".utf8))

    private func list(_ text: String) throws -> ChecksumList { try ChecksumList(Array(text.utf8), from: "SHA256SUMS") }

    private func request(_ source: PutRequest.Source, fileName: String? = nil) throws -> PutRequest {
        PutRequest(
            source: source,
            name: try RepositoryName(parsing: "tool"),
            version: try Version(parsing: "1"),
            fileName: fileName
        )
    }

    @Test func allFormsAreRead() throws {
        let list = try list(
            """
            # a comment

            \(one.hex)  plain name
            \(one.hex) *binary\r
            \(one.hex.uppercased())  ./capital
            SHA256 (bsd (old) = 1) = \(one.hex)
            SHA512 (bsd) = 00
            \\\(one.hex)  back\\\\slash
            \(two.hex)  lib/tool
            \(one.hex)  tool
            """
        )
        for name in ["plain name", "binary", "capital", "bsd (old) = 1", "back\\slash", "tool", "bin/tool", "./tool"] {
            #expect(list.digest(of: name) == one, "\(name)")
        }
        for name in ["lib/tool", "dist/lib/tool", "/dist/lib/./tool"] {
            #expect(list.digest(of: name) == two, "\(name)")
        }
        for name in ["bsd", "name", "mytool", "tool/lib", ""] { #expect(list.digest(of: name) == nil, "\(name)") }
    }

    @Test(
        arguments: [
            "00  short", "\(String(repeating: "0", count: 128))  long", "\(String(repeating: "g", count: 64))  letters",
            "\(String(repeating: "0", count: 64))", "\(String(repeating: "0", count: 64))  ", "SHA256 (name) = 00",
            "\\\(String(repeating: "0", count: 64))  bad\\escape", "-----BEGIN PGP SIGNED MESSAGE-----",
        ]
    )
    func aLineThatIsNoneIsNamed(line: String) throws {
        let error = #expect(throws: UnusableFiles.self) { try list("\(one.hex)  tool\n\(line)\n") }
        #expect(error?.description.hasPrefix("SHA256SUMS, line 2: ") == true)
    }

    @Test func aNameWithTwoDigestsIsRefused() throws {
        _ = try list("\(one.hex)  tool\n\(one.hex)  ./tool\n")
        let error = #expect(throws: UnusableFiles.self) { try list("\(one.hex)  tool\n\(two.hex)  ./tool\n") }
        #expect(error?.description.contains("line 2") == true)
        #expect(throws: UnusableFiles.self) { try ChecksumList([0xFF, 0x0A], from: "SHA256SUMS") }
    }

    @Test func requestsGetTheirDigestsAndAllThatIsMissingIsTold() throws {
        let list = try list("\(one.hex)  tool\n\(two.hex)  other\n")
        let found = try list.expected(of: [
            request(.path("dist/tool")), request(.standardInput, fileName: "other"),
        ])
        #expect(found.map(\.expectedDigest) == [one, two])
        let error = #expect(throws: UnusableFiles.self) {
            try list.expected(of: [request(.path("a")), request(.path("tool")), request(.path("dist/b"))])
        }
        #expect(error?.description.contains("no checksum of a\n") == true)
        #expect(error?.description.contains("no checksum of dist/b\n") == true)
    }
}

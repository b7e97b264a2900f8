import Foundation
import Glibc
import SystemIO
import Testing

@Suite("Names for staged files")
struct StagedFileTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "/bindery-staged-\(UInt64.random(in: .min ... .max))"
        try Directory.create(path)
        defer { try? Directory.removeTree(path) }
        try body(path)
    }

    private func make(_ kind: FileStatus.Kind, _ path: String) throws {
        switch kind {
        case .directory: try Directory.createWithParents(path + "/inner")
        case .symbolicLink: try #require(symlink("nowhere", path) == 0)
        case .pipe: try #require(mkfifo(path, 0o600) == 0)
        default: _ = try File.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        }
    }

    @Test("a rename that replaces nothing moves what it is given, and leaves what is there")
    func renameIfFree() throws {
        for kind in [FileStatus.Kind.file, .directory, .symbolicLink, .pipe] {
            for claims in [false, true] {
                try withDirectory { path in
                    try make(kind, path + "/source")
                    try make(.file, path + "/taken")
                    let rename = claims ? Directory.renameByClaim : Directory.renameIfFree
                    #expect(try !rename(path + "/source", path + "/taken"))
                    #expect(try FileStatus.ofLink(path + "/taken").kind == .file)
                    #expect(try rename(path + "/source", path + "/free"))
                    #expect(try FileStatus.ofLink(path + "/free").kind == kind)
                    #expect(try Directory.names(in: path) == ["free", "taken"])
                    let error = #expect(throws: SystemError.self) { try rename(path + "/source", path + "/other") }
                    #expect(error?.isNotFound == true)
                    #expect(try Directory.names(in: path) == ["free", "taken"])
                }
            }
        }
    }
}

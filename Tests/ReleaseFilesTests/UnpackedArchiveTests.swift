import Foundation
import TestSupport
import Testing

@testable import ReleaseFiles

@Suite struct UnpackedArchiveTests {
    @Test("files with set-id bits are named, those by a further name of theirs, too")
    func setID() throws {
        try withTemporaryDirectory { directory in
            var tar = TarBuilder()
            tar.file("plain", "1", mode: 0o755)
            tar.file("raised", "2", mode: 0o4755)
            tar.hardLink("second", to: "raised")
            tar.file("shared", "3", mode: 0o2755)
            let path = directory + "/tool.tar"
            try Data(tar.archive).write(to: URL(fileURLWithPath: path))
            let archive = try UnpackedArchive(path)
            #expect(archive.members.map(\.path) == ["plain", "raised", "second", "shared"])
            #expect(archive.filesWithSetID == ["raised", "second", "shared"].map { "\(path): \($0)" })
        }
    }
}

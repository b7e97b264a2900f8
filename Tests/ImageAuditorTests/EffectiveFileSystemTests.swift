import ContentAddress
import Foundation
import Glibc
import ImageAuditor
import ImageFileSystem
import ImageTransport
import TestSupport
import Testing

/// The file system that the audit sees is the one that engines show: those that unpack all layers into one directory
/// (umoci, containerd's native snapshotter), and, where the audit is sure, those that stack layers as well (containerd's
/// overlayfs, containers/storage).
@Suite struct EffectiveFileSystemTests {
    /// What an engine shows of an image, a line for each name; or why it refuses it.
    struct Shown: Decodable {
        let layout: String
        let engine: String
        let refused: String?
        let files: [String]
    }

    private struct Answer: Decodable {
        let missing: [String]
        let shown: [Shown]
    }

    /// Every image in every engine: they are started once, in a mount namespace that takes their mounts with it.
    private static let answer = Result { () throws -> Answer in
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let unshare = getuid() == 0 ? "unshare --mount --propagation private" : ""
        let text = try withTemporaryDirectory { directory in
            for (number, hard) in HardImage.all.enumerated() {
                try hard.image.write(layout: directory + "/i\(number)", tag: "1")
            }
            return try Shell.run("\(unshare) python3 '\(tests.path)/Differential/show' i*", in: directory).output
        }
        return try JSONDecoder().decode(Answer.self, from: Data(text))
    }

    @Test func theEnginesAreThereInCI() throws {
        let isCI = ProcessInfo.processInfo.environment["CI"] == "true"
        let missing = try Self.answer.get().missing
        #expect(missing.isEmpty || !isCI, "\(missing)")
    }

    @Test(arguments: HardImage.all.indices) func isWhatEnginesShow(number: Int) throws {
        let shown = try Self.answer.get().shown.filter { $0.layout == "i\(number)" }
        #expect(shown.contains { $0.engine == "umoci" })
        try AuditFixture.with { fixture in
            let image = HardImage.all[number].image
            let layout = fixture.directory + "/image"
            try image.write(layout: layout, tag: "t")
            let seen = Self.lines(try FileTree.ofImage(LayoutSource(directory: layout, tag: "t")))
            let audit = try fixture.audit(image)
            let isSure = audit.verdict != .ambiguous
            for engine in shown where engine.engine == "umoci" || isSure {
                #expect(
                    engine.refused == nil && engine.files.sorted() == seen,
                    "\(engine.engine) \(engine.refused ?? "")"
                )
            }
            // The audit doubts only what engines differ in. Without those that stack there is nothing to differ from.
            guard shown.contains(where: { $0.engine.contains("overlay") }) else { return }
            let answers = Set(shown.map { $0.refused == nil ? $0.files.sorted() : ["refused"] })
            let found = audit.allFindings.map { "\($0.code.rawValue) \($0.message)" }
            #expect(isSure == (answers.count == 1), "\(HardImage.all[number].testDescription): \(found)")
        }
    }

    private static func lines(_ tree: FileTree) -> [String] {
        var found: [String] = []
        tree.forEach { path, inode in
            let mode = inode.kind == .symbolicLink ? "" : String(inode.mode, radix: 8)
            let more = inode.digest?.hex ?? Hexadecimal.encode(inode.target)
            // Only root can give a file away.
            let owner = getuid() == 0 ? "\(inode.uid):\(inode.gid)" : "-"
            found.append("\(Hexadecimal.encode(path.bytes)) \(inode.kind.word) \(mode) \(owner) \(more)")
        }
        return found.sorted()
    }
}

import Foundation
import Glibc
import SystemIO
import Testing

@Suite struct AtomicFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "/bindery-io-\(UInt64.random(in: .min ... .max))"
        try Directory.createWithParents(folder + "/a/b/c")
        defer { try? Directory.removeTree(folder) }
        try body(folder)
        #expect(try Directory.names(in: folder).allSatisfy { !$0.hasSuffix(".partial") })
    }

    private func write(_ text: String, to path: String, replacing: Bool) throws {
        let file = try AtomicFile.create(path, mode: 0o640)
        try Array(text.utf8).withUnsafeBytes { try file.file.write($0) }
        try file.commit(replacing: replacing)
    }

    @Test func aCommittedFileIsWholeAndHasItsMode() throws {
        try withFolder { folder in
            try write("one", to: folder + "/f", replacing: true)
            try write("two", to: folder + "/f", replacing: true)
            #expect(try String(contentsOfFile: folder + "/f", encoding: .utf8) == "two")
            #expect(try FileStatus.of(folder + "/f").mode == 0o640)
        }
    }

    @Test func aDroppedFileLeavesNothing() throws {
        try withFolder { folder in
            do {
                let file = try AtomicFile.create(folder + "/f")
                try Array("half".utf8).withUnsafeBytes { try file.file.write($0) }
            }
            #expect(try Directory.names(in: folder) == ["a"])
        }
    }

    @Test func whatIsThereStaysWhereThatIsAsked() throws {
        try withFolder { folder in
            try write("one", to: folder + "/f", replacing: true)
            let error = #expect(throws: SystemError.self) { try write("two", to: folder + "/f", replacing: false) }
            #expect(error?.isAlreadyThere == true)
            #expect(try String(contentsOfFile: folder + "/f", encoding: .utf8) == "one")
        }
    }

    @Test(arguments: ["pipe", "directory", "link to a device", "link to a directory"])
    func whatIsNoFileIsNotReplaced(kind: String) throws {
        try withFolder { folder in
            let path = folder + "/thing"
            switch kind {
            case "pipe": try #require(mkfifo(path, 0o644) == 0)
            case "directory": try Directory.create(path)
            case "link to a device": try #require(symlink("/dev/null", path) == 0)
            default: try #require(symlink("a", path) == 0)
            }
            let before = try FileStatus.ofLink(path)
            #expect(throws: SystemError.self) { try write("one", to: path, replacing: true) }
            #expect(try FileStatus.ofLink(path) == before)
        }
    }

    @Test func aLinkIsReplacedAndNotFollowed() throws {
        try withFolder { folder in
            try write("theirs", to: folder + "/target", replacing: true)
            for link in ["target", "nowhere"] {
                try #require(symlink(link, folder + "/\(link).link") == 0)
                try write("ours", to: folder + "/\(link).link", replacing: true)
                #expect(try FileStatus.ofLink(folder + "/\(link).link").kind == .file)
            }
            #expect(try String(contentsOfFile: folder + "/target", encoding: .utf8) == "theirs")
            #expect(try Directory.names(in: folder).contains("nowhere") == false)
        }
    }

    @Test(arguments: [
        ("a", ".", "a"), ("a/b", "a", "b"), ("/a", "/", "a"), ("/", "/", ""), ("a/b/", "a", "b"), ("a//b", "a", "b"),
        ("", ".", ""),
    ])
    func pathsAreTakenApart(path: String, parent: String, last: String) {
        #expect(Directory.parent(of: path) == parent)
        #expect(Directory.lastComponent(of: path) == last)
    }

    @Test func treesAreRemovedWithoutFollowingLinks() throws {
        try withFolder { folder in
            try write("keep", to: folder + "/keep", replacing: true)
            #expect(symlink(folder, folder + "/a/b/link") == 0)
            try Directory.removeTree(folder + "/a")
            #expect(try Directory.names(in: folder) == ["keep"])
        }
    }

    @Test func contentsAreCopiedInTheKernelAndAShortSourceIsAnError() throws {
        try withFolder { folder in
            try write(String(repeating: "x", count: 100_000), to: folder + "/source", replacing: true)
            let source = try File.open(folder + "/source")
            let target = try File.open(folder + "/target", O_RDWR | O_CREAT, mode: 0o600)
            try target.copyContents(of: source, expectedSize: 100_000)
            #expect(try target.status().size == 100_000)
            let again = try File.open(folder + "/source")
            let longer = try File.open(folder + "/longer", O_RDWR | O_CREAT, mode: 0o600)
            #expect(throws: SystemError.self) { try longer.copyContents(of: again, expectedSize: 100_001) }
        }
    }

    @Test func failuresNameTheCallAndThePlace() {
        let error = #expect(throws: SystemError.self) { try FileStatus.of("/nonexistent/file") }
        #expect(error.map { "\($0)" } == "cannot stat /nonexistent/file: No such file or directory")
    }
}

import Foundation
import Glibc
import SystemIO
import Testing

@Suite struct AtomicFileTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "/bindery-io-\(UInt64.random(in: .min ... .max))"
        try Directory.createWithParents(directory + "/a/b/c")
        defer { try? Directory.removeTree(directory) }
        try body(directory)
        #expect(try Directory.names(in: directory).allSatisfy { !$0.hasSuffix(".partial") })
    }

    private func write(_ text: String, to path: String, replacing: Bool) throws {
        let file = try AtomicFile.create(path, mode: 0o640)
        try Array(text.utf8).withUnsafeBytes { try file.file.write($0) }
        try file.commit(replacing: replacing)
    }

    @Test func aCommittedFileIsWholeAndHasItsMode() throws {
        try withDirectory { directory in
            try write("one", to: directory + "/f", replacing: true)
            try write("two", to: directory + "/f", replacing: true)
            #expect(try String(contentsOfFile: directory + "/f", encoding: .utf8) == "two")
            #expect(try FileStatus.of(directory + "/f").mode == 0o640)
        }
    }

    @Test func aDroppedFileLeavesNothing() throws {
        try withDirectory { directory in
            do {
                let file = try AtomicFile.create(directory + "/f")
                try Array("half".utf8).withUnsafeBytes { try file.file.write($0) }
            }
            #expect(try Directory.names(in: directory) == ["a"])
        }
    }

    @Test func whatIsThereStaysWhereThatIsAsked() throws {
        try withDirectory { directory in
            try write("one", to: directory + "/f", replacing: true)
            let error = #expect(throws: SystemError.self) { try write("two", to: directory + "/f", replacing: false) }
            #expect(error?.isAlreadyThere == true)
            #expect(try String(contentsOfFile: directory + "/f", encoding: .utf8) == "one")
        }
    }

    /// Also a chain of links, and one that leads to nothing yet.
    @Test func aLinkIsFollowedWhereThatIsAsked() throws {
        try withDirectory { directory in
            try write("one", to: directory + "/a/file", replacing: true)
            try #require(symlink("a/file", directory + "/inner") == 0)
            try #require(symlink(directory + "/inner", directory + "/link") == 0)
            try #require(symlink("a/new", directory + "/dangling") == 0)
            for (link, file) in [("link", "a/file"), ("dangling", "a/new")] {
                let target = try AtomicFile.create(directory + "/" + link, followingLinks: true)
                try Array("two".utf8).withUnsafeBytes { try target.file.write($0) }
                try target.commit()
                #expect(try FileStatus.ofLink(directory + "/" + link).kind == .symbolicLink)
                #expect(try String(contentsOfFile: directory + "/" + file, encoding: .utf8) == "two")
            }
            try #require(symlink("loop", directory + "/loop") == 0)
            #expect(throws: SystemError.self) { _ = try AtomicFile.create(directory + "/loop", followingLinks: true) }
        }
    }

    @Test(arguments: ["pipe", "directory", "link to a device", "link to a directory"])
    func whatIsNoFileIsNotReplaced(kind: String) throws {
        try withDirectory { directory in
            let path = directory + "/thing"
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
        try withDirectory { directory in
            try write("theirs", to: directory + "/target", replacing: true)
            for link in ["target", "nowhere"] {
                try #require(symlink(link, directory + "/\(link).link") == 0)
                try write("ours", to: directory + "/\(link).link", replacing: true)
                #expect(try FileStatus.ofLink(directory + "/\(link).link").kind == .file)
            }
            #expect(try String(contentsOfFile: directory + "/target", encoding: .utf8) == "theirs")
            #expect(try Directory.names(in: directory).contains("nowhere") == false)
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
        try withDirectory { directory in
            try write("keep", to: directory + "/keep", replacing: true)
            #expect(symlink(directory, directory + "/a/b/link") == 0)
            try Directory.removeTree(directory + "/a")
            #expect(try Directory.names(in: directory) == ["keep"])
        }
    }

    @Test func contentsAreCopiedInTheKernelAndAShortSourceIsAnError() throws {
        try withDirectory { directory in
            try write(String(repeating: "x", count: 100_000), to: directory + "/source", replacing: true)
            let source = try File.open(directory + "/source")
            let target = try File.open(directory + "/target", O_RDWR | O_CREAT, mode: 0o600)
            try target.copyContents(of: source, expectedSize: 100_000)
            #expect(try target.status().size == 100_000)
            let again = try File.open(directory + "/source")
            let longer = try File.open(directory + "/longer", O_RDWR | O_CREAT, mode: 0o600)
            #expect(throws: SystemError.self) { try longer.copyContents(of: again, expectedSize: 100_001) }
        }
    }

    @Test func failuresNameTheCallAndThePlace() {
        let error = #expect(throws: SystemError.self) { try FileStatus.of("/nonexistent/file") }
        #expect(error.map { "\($0)" } == "cannot stat /nonexistent/file: No such file or directory")
    }
}

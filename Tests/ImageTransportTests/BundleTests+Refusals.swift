import Archive
import ArtifactStore
import ContentAddress
import Foundation
import ImageTransport
import OCI
import Release
import StoreTestSupport
import SystemIO
import TestSupport
import Testing

/// What was changed on the way is refused, and nothing of it comes in.
extension BundleTests {
    /// Changes a root document of a directory and puts it back under its new digest and size.
    private func tamper(_ path: String, _ change: (String) -> String) throws {
        var index = try text(path + "/index.json")
        for name in try Directory.names(in: path + "/blobs/sha256").sorted() {
            let file = "\(path)/blobs/sha256/\(name)"
            let old = try text(file)
            guard old.hasPrefix("{\"") else { continue }
            let new = change(old)
            guard new != old else { continue }
            let digest = Digest.of(Array(new.utf8))
            try Data(new.utf8).write(to: URL(fileURLWithPath: "\(path)/blobs/sha256/\(digest.hex)"))
            let size = "\"size\":\(new.utf8.count)"
            index = index.replacingOccurrences(of: name, with: digest.hex)
                .replacingOccurrences(of: "\"size\":\(old.utf8.count)", with: size)
            try Data(index.utf8).write(to: URL(fileURLWithPath: path + "/index.json"))
        }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    @Test(arguments: [
        (BundleType.release, "application/vnd.example.v1", "artifactType"),
        ("agent", "tnega", "another release"),
        ("\"schemaVersion\":2", "\"schemaVersion\":2,\"x\":1", "docs/bundle-format.md"),
    ])
    func aChangedReleaseIsRefused(old: String, new: String, word: String) throws {
        let location = try export([.release(release)], from: first, to: "bundle")
        try tamper(directory.path + "/bundle") { text in
            text.contains(BundleType.release) ? text.replacingOccurrences(of: old, with: new) : text
        }
        try expectRefusal(location, word)
    }

    @Test func aBlobWithOtherBytesIsRefused() throws {
        let location = try export(items, from: first, to: "bundle")
        let digest = try #require(try first.artifacts(of: release).first).digest
        try Data("eno".utf8).write(to: URL(fileURLWithPath: "\(directory.path)/bundle/blobs/sha256/\(digest.hex)"))
        try expectRefusal(location, digest.description)
    }

    @Test func aMissingBlobIsRefused() throws {
        let location = try export(items, from: first, to: "bundle")
        let digest = try #require(try first.artifacts(of: release).first).digest
        try Directory.remove("\(directory.path)/bundle/blobs/sha256/\(digest.hex)")
        try expectRefusal(location, digest.description)
    }

    @Test func aProgramForItsPlatformPassesTheCheckWithoutAStore() throws {
        let key = try ReleaseKey(parsing: "agent@1.2.3")
        let other = try directory.open("programs", second: 0)
        let path = directory.path + "/agent"
        try Data(TestProgram(code: "program").bytes).write(to: URL(fileURLWithPath: path))
        _ = try other.put([PutRequest(source: .path(path), name: key.name, version: key.version)])
        let location = try export([.release(key)], from: other, to: "bundle")
        try BundleImport(BundleSource(ImageLocation(parsing: location))).checkContents()
    }

    private func expectRefusal(_ location: String, _ word: String) throws {
        let second = try directory.open("second", second: 1)
        do {
            try bring(location, into: second)
            Issue.record("a bundle that was tampered with was imported")
        } catch let error as TransportError {
            #expect(error.isIntegrity)
            #expect("\(error)".contains(word), "\(error)")
            #expect("\(error)".contains("agent@1.2.3"), "\(error)")
        }
        #expect(try second.events().isEmpty)
        #expect(try second.releases().isEmpty && second.images().isEmpty)
    }

    @Test(arguments: [
        ("../blobs/x", TarHeader.Kind.file, "leads out"), ("/etc/passwd", .file, "leads out"),
        ("link", .symbolicLink, "neither a file nor a directory"), ("index.json", .file, "twice"),
    ])
    func anArchiveWithTricksIsRefused(path: String, kind: TarHeader.Kind, word: String) throws {
        let location = try export(items, from: first, to: "bundle.tar")
        let file = directory.path + "/bundle.tar"
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        var header = TarHeader(path: path, kind: kind, mode: 0o644)
        header.linkName = kind == .symbolicLink ? "index.json" : ""
        bytes.removeLast(TarWriter.trailer.count)
        bytes += TarWriter.encode(header) + TarWriter.trailer
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        #expect {
            try BundleSource(ImageLocation(parsing: location))
        } throws: { error in
            "\(error)".contains(word) && "\(error)".contains(path)
        }
    }

    // Any byte of an archive: it comes in as it was, or it is refused and nothing comes in.
    @Test func aChangedByteNeverComesIn() throws {
        let location = try export(items, from: first, to: "bundle.tar")
        let file = directory.path + "/bundle.tar"
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        let wanted = try first.artifacts(of: release).map(\.digest)
        var refused = 0
        for round in 0..<60 {
            var changed = bytes
            let place = round * 6_700_417 % bytes.count
            changed[place] ^= UInt8(1 << (round % 8))
            try Data(changed).write(to: URL(fileURLWithPath: file))
            let second = try directory.open("second-\(round)", second: 1)
            do {
                try bring(location, into: second)
                #expect(try second.artifacts(of: release).map(\.digest) == wanted, "byte \(place)")
                #expect(try second.verify().faults.isEmpty, "byte \(place)")
            } catch let error as TransportError {
                refused += 1
                #expect(!"\(error)".isEmpty)
                #expect(try second.events().isEmpty, "byte \(place)")
            }
        }
        #expect(refused > 10)
    }
}

import Archive
import ArtifactStore
import Foundation
import ImageAuditor
import Release
import TestSupport
import Testing

/// `bindery diff RELEASE RELEASE`.
@Suite struct ReleaseDifferenceTests {
    private static func zlib(_ text: String) throws -> [UInt8] {
        try withTemporaryDirectory { directory in
            try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/text"))
            let program = "import sys, zlib; sys.stdout.buffer.write(zlib.compress(open('text', 'rb').read()))"
            return try Shell.run("python3 -c \"\(program)\"", in: directory).output
        }
    }

    private static func put(_ release: String, _ crates: [UInt8], in fixture: AuditFixture) throws -> [Artifact] {
        let key = try ReleaseKey(parsing: release)
        let path = "\(fixture.directory)/\(release)"
        var program = TestProgram(code: "tool")
        program.crates = crates
        try Data(program.bytes).write(to: URL(fileURLWithPath: path))
        let file = PutRequest(source: .path(path), name: key.name, version: key.version, fileName: "tool")
        _ = try fixture.store.put([file])
        return try fixture.store.artifacts(of: key)
    }

    private static func details(_ before: [UInt8], _ after: [UInt8]) throws -> [String] {
        var found: [String] = []
        try AuditFixture.with { fixture in
            let (old, new) = (try put("tool@1", before, in: fixture), try put("tool@2", after, in: fixture))
            let files = try ReleaseDifference(old, new, in: fixture.store).files
            found = files.flatMap(\.details).filter { $0.what.hasPrefix("crate ") }
                .map { "\($0.what): \($0.before ?? "-") \($0.after ?? "-")" }
        }
        return found
    }

    @Test func programsOfOtherSystemsAreComparedByWhatTheySay() throws {
        try AuditFixture.with { fixture in
            func put(_ version: String, _ bytes: [UInt8]) throws -> [Artifact] {
                let path = fixture.directory + "/tool-\(version)"
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                let release = try ReleaseKey(parsing: "tool@\(version)")
                var request = PutRequest(source: .path(path), name: release.name, version: release.version)
                request.platform = .any
                return try fixture.store.put([request]).map(\.artifact)
            }
            func details(_ before: [Artifact], _ after: [Artifact]) throws -> [String] {
                try ReleaseDifference(before, after, in: fixture.store).files.flatMap(\.details).map(\.what)
            }
            func slice(_ uuid: UInt8, _ code: UInt8) -> [UInt8] {
                let code = [UInt8](repeating: code, count: 5000)
                return ForeignImage.machO(uuid: [UInt8](repeating: uuid, count: 16), code: code, go: [1])
            }
            let thin = (try put("1", slice(1, 0x90)), try put("2", slice(2, 0x91)))
            #expect(try details(thin.0, thin.1) == ["build id", "section __TEXT,__text"])
            // Another system's program has nothing in common with an ELF file but its name.
            let other = try put("3", TestProgram(code: "tool").bytes)
            #expect(try details(thin.0, other).isEmpty)
        }
    }

    @Test func cratesOfRustProgramsAreCompared() throws {
        let before = """
            {"packages": [{"name": "serde", "version": "1.0.1", "source": "crates.io"},
             {"name": "cc", "version": "1.1.0", "source": "crates.io", "kind": "build"},
             {"name": "old", "version": "0.1.0", "source": "crates.io"},
             {"name": "tool", "version": "1.0.0", "source": "local", "dependencies": [0], "root": true}]}
            """
        let after = """
            {"packages": [{"name": "serde", "version": "1.0.1", "source": "crates.io"},
             {"name": "serde", "version": "2.0.0", "source": "crates.io"},
             {"name": "cc", "version": "1.2.0", "source": "crates.io", "kind": "build"},
             {"name": "tool", "version": "1.0.0", "source": "local", "dependencies": [0, 1], "root": true}]}
            """
        #expect(
            try Self.details(Self.zlib(before), Self.zlib(after)) == [
                "crate cc: 1.1.0 (build) 1.2.0 (build)", "crate old: 0.1.0 -", "crate serde: 1.0.1 1.0.1, 2.0.0",
            ]
        )
    }

    @Test func aDamagedListIsSaid() throws {
        let whole = try Self.zlib(#"{"packages": []}"#)
        for damaged in [Array(whole.dropLast()), whole + [0], [1, 2, 3], try Self.zlib("[]")] {
            #expect(try Self.details(whole, damaged) == ["crate .dep-v0: - can't be read"])
        }
    }

    @Test func aStreamLargerThanTheLimitIsRefused() throws {
        let stream = try Self.zlib(String(repeating: "a", count: 1 << 20))
        let error = #expect(throws: CompressionError.Reason.self) {
            try stream.withUnsafeBytes { _ = try ZlibStream.decompress($0, limit: 1 << 19) }
        }
        #expect(error == .memory)
    }
}

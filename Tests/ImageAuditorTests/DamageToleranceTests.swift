import Foundation
import ImageAuditor
import ImageFileSystem
import ImageTransport
import TestSupport
import Testing

/// Any damaged byte in any place: an answer or an error, never a trap, and never `exact` for other files.
@Suite struct DamageToleranceTests {
    @Test func aDamagedDockerArchiveNeverTrapsNorPassesForWhole() throws {
        try AuditFixture.with { fixture in
            let whole = AuditFixture.image().dockerArchive()
            let path = fixture.directory + "/image.tar"
            var state: UInt64 = 42
            func next(_ bound: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int((state >> 33) % UInt64(bound))
            }
            var refused = 0
            for _ in 0..<400 {
                var damaged = whole
                for _ in 0...next(3) { damaged[next(damaged.count)] = UInt8(next(256)) }
                if next(4) == 0 { damaged.removeLast(next(damaged.count)) }
                try Data(damaged).write(to: URL(fileURLWithPath: path))
                do {
                    let audit = try Auditor(store: fixture.store).audit(DockerArchiveSource(path: path, reference: nil))
                    // Bytes that count are covered by digests, so an exact image has the whole one's files.
                    if audit.verdict == .exact {
                        let files = audit.platforms[0].files
                        #expect(files.map(\.path.description) == ["/etc/ca.pem", "/usr/bin/agent"])
                        #expect(files.allSatisfy { $0.identity.isReleased })
                    } else {
                        refused += 1
                    }
                } catch is TransportError {
                    refused += 1
                } catch is AuditError {
                    refused += 1
                }
            }
            #expect(refused > 100)
        }
    }

    @Test func aDamagedConfigOrManifestNeverTraps() throws {
        try AuditFixture.with { fixture in
            let texts = [
                "{}", "[]", "null", "", "{", #"{"config":null}"#, #"{"schemaVersion":2,"config":{},"layers":[]}"#,
                #"{"manifests":[{"digest":"sha256:00","size":-1,"mediaType":"x"}]}"#,
                String(repeating: "[", count: 100_000), #"{"manifests":[{"digest":"../../etc/passwd","size":1}]}"#,
                #"{"schemaVersion":2,"manifests":[]}"#,
            ]
            for text in texts {
                let layout = fixture.directory + "/layout"
                try AuditFixture.image().write(layout: layout)
                try text.write(toFile: layout + "/index.json", atomically: true, encoding: .utf8)
                #expect(throws: TransportError.self, "\(text.prefix(40))") {
                    _ = try Auditor(store: fixture.store).audit(LayoutSource(directory: layout, tag: nil))
                }
            }
        }
    }
}

import ArtifactStore
import ContentAddress
import Foundation
import ImageAuditor
import ImageTransport
import TestSupport
import Testing

/// Recipes, records and documents that claim what the layers don't have.
extension TamperedImageTests {
    /// A layer's recipe as `bindery build` writes it, of one file.
    static func recipe(_ path: String, _ bytes: [UInt8]) -> [String: JSONValue] {
        let entry: JSONValue = [
            "path": .string(path), "type": "file", "mode": "0755", "digest": .string("\(Digest.of(bytes))"),
        ]
        let recipe: JSONValue = ["tar": "bindery-tar/1", "compression": "none", "entries": .array([entry])]
        return ["dev.bindery.layer.recipe": .string(String(decoding: CanonicalJSON.encode(recipe), as: UTF8.self))]
    }

    /// A context's record, of one file.
    static func record(_ file: String, _ bytes: [UInt8]) -> [UInt8] {
        let entry: JSONValue = [
            "file": .string(file), "digest": .string("\(Digest.of(bytes))"), "name": "agent", "version": "1.2.3",
            "platform": "linux/amd64",
        ]
        return CanonicalJSON.encode(["binderyContext": 1, "files": .array([entry])])
    }

    static let documents: [Tampering] = [
        Tampering("a recipe of the release over other bytes", .falseClaim, .mismatch) {
            $0.replace("usr/bin/agent", stripped)
            $0.layers[0].annotations = recipe("usr/bin/agent", agent)
        },
        Tampering("a recipe of a file that isn't there", .falseClaim, .exact) {
            $0.layers[1].annotations = recipe("usr/bin/agent", agent)
        },
        Tampering("annotations of another release", .falseClaim, .exact) {
            $0.annotations = [
                "org.opencontainers.image.title": "agent", "org.opencontainers.image.version": "v1.3.0",
            ]
        },
        Tampering("a context's record beside other bytes", .falseClaim, .mismatch) {
            $0.replace("usr/bin/agent", evil)
            $0.layer { $0.file("usr/bin/bindery-context.json", record("agent", agent)) }
        },
    ]
}

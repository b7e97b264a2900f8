import ContentAddress
import Foundation
import JSON

/// What engines make of an index or manifest that is more than one thing.
enum DocumentStructure {
    /// Throws `DecodingError` for a schema that nobody reads as an image's.
    static func check(_ value: JSONValueView, _ kind: DocumentKind) throws {
        guard kind == .index || kind == .manifest, let version = value["schemaVersion"]?.int64, version != 2 else {
            return
        }
        let reason = "schemaVersion is \(version), not 2"
        throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: reason))
    }

    /// Why readers take the document for different things; nil when they don't.
    static func ambiguity(_ value: JSONValueView, _ kind: DocumentKind, mediaType: String?) -> String? {
        let others: [String]
        switch kind {
        case .index: others = ["config", "layers", "fsLayers"]
        case .manifest: others = ["manifests", "fsLayers"]
        case .config, .layout, .archiveListing, .other: return nil
        }
        // A document that is both was read as an index by some engines and as a manifest by others (CVE-2021-41190).
        if let other = others.first(where: { value[$0]?.isNull == false }) {
            return "it has '\(other)' beside what \(kind == .index ? "an index" : "a manifest") has"
        }
        if let own = value["mediaType"]?.string, !own.isEmpty, let mediaType, own != mediaType {
            return "its mediaType is \(own), and \(mediaType) where it is named"
        }
        let descriptors =
            [value["config"], value["subject"]].compactMap(\.self)
            + (value["layers"]?.elements ?? []) + (value["manifests"]?.elements ?? [])
        return descriptors.lazy.compactMap(embedded).first
    }

    /// Why some runtimes read less of a document's texts than others; nil where they don't.
    static func null(in bytes: [UInt8], _ kind: DocumentKind) -> String? {
        guard [.index, .manifest, .config].contains(kind) else { return nil }
        let hasNull = bytes.withUnsafeBufferPointer { bytes in
            // JSON has it as an escape alone, and a backslash nowhere but in a text.
            var position = 0
            while position < bytes.count {
                guard bytes[position] == UInt8(ascii: "\\") else {
                    position += 1
                    continue
                }
                if bytes[position...].starts(with: #"\u0000"#.utf8) { return true }
                position += 2
            }
            return false
        }
        return hasNull ? #"a text has \u0000, which ends it for runtimes written in C"# : nil
    }

    // Some readers take what is embedded for the blob's bytes (OCI image specification 1.1, descriptor.md, "data").
    private static func embedded(_ descriptor: JSONValueView) -> String? {
        guard let data = descriptor["data"], !data.isNull else { return nil }
        let digest = descriptor["digest"]?.string ?? ""
        guard let text = data.string, let bytes = Data(base64Encoded: text).map(Array.init),
            Int64(bytes.count) == descriptor["size"]?.int64, Digest.of(bytes).description == digest
        else { return "the data of the descriptor \(digest.prefix(19)) isn't the blob's bytes" }
        return nil
    }
}

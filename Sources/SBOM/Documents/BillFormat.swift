import ContentAddress

/// The formats in which a bill of materials is written.
package enum BillFormat: String, Sendable, CaseIterable {
    /// SPDX 2.3, JSON.
    case spdx
    /// SPDX 3.0.1, JSON-LD.
    case spdx3 = "spdx-3.0.1"
    /// CycloneDX 1.6, JSON.
    case cyclonedx
    /// CycloneDX 1.7, JSON.
    case cyclonedx17 = "cyclonedx-1.7"

    /// What files of the format end with.
    package var suffix: String {
        switch self {
        case .spdx: ".spdx.json"
        case .spdx3: ".spdx3.json"
        case .cyclonedx, .cyclonedx17: ".cdx.json"
        }
    }

    /// Writes a document: canonical order of members, one line.
    ///
    /// `files` is passed through several times. Throws what `sink` throws.
    package func write(
        _ bill: BillOfMaterials,
        files: some Collection<BillOfMaterials.File>,
        to sink: ([UInt8]) throws -> Void
    ) throws {
        try withoutActuallyEscaping(sink) { sink in try write(bill, files, to: DocumentStream(sink)) }
    }

    private func write(
        _ bill: BillOfMaterials,
        _ files: some Collection<BillOfMaterials.File>,
        to stream: DocumentStream
    ) throws {
        switch self {
        case .spdx: try SPDXDocument(bill).write(files, to: stream)
        case .spdx3: try SPDX3Document(bill).write(files, to: stream)
        case .cyclonedx: try CycloneDXDocument(bill, version: "1.6").write(files, to: stream)
        case .cyclonedx17: try CycloneDXDocument(bill, version: "1.7").write(files, to: stream)
        }
        try stream.finish()
    }
}

extension BillOfMaterials {
    /// The UUID of a document: the same for the same content in the same format.
    ///
    /// The subject's digest stands for its files.
    func identifier(of format: String) -> String {
        let content: JSONValue = .object([
            "complete": .bool(isComplete), "components": .array(components.map(\.identity)), "created": .int(created),
            "digest": .string(subject.digest.description), "format": .string(format), "name": .string(subject.name),
            "platform": .string(subject.platform ?? ""), "purl": .string(subject.purl?.description ?? ""),
            "tool": .string(toolVersion),
            "unread": .array(subject.unread.map { .string($0) }), "version": .string(subject.version ?? ""),
        ])
        var hasher = DigestHasher()
        hasher.update(CanonicalJSON.encode(content))
        return NameBasedUUID.text(of: "https://bindery.dev/sbom/\(hasher.finalize().hex)")
    }
}

extension BillOfMaterials.Component {
    fileprivate var identity: JSONValue {
        .object([
            "digest": .string(digest?.description ?? ""), "kind": .string(kind.rawValue), "name": .string(name),
            "parts": .array(parts.map(\.identity)), "paths": .array(paths.map { .string($0) }),
            "properties": .object(properties.mapValues { .string($0) }), "purl": .string(purl?.description ?? ""),
            "version": .string(version ?? ""),
        ])
    }
}

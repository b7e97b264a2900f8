package import ContentAddress
import OCI
import Release

/// What a bundle leaves out because the other side has it, and since when (docs/bundle-format.md, section 6).
package struct BundleDelta: Sendable, Hashable {
    /// What a log was when the other side took the last bundle.
    package struct Point: Sendable, Hashable {
        package let origin: String
        package let size: Int64
        package let root: Digest

        package init(origin: String, size: Int64, root: Digest) {
            self.origin = origin
            self.size = size
            self.root = root
        }
    }

    /// Contents that are left out.
    package struct Absence: Sendable, Hashable {
        package let digest: Digest
        /// In bytes.
        package let size: Int64
        /// A release or an image that has them, by which the other side got them.
        package let part: String

        package init(digest: Digest, size: Int64, part: String) {
            self.digest = digest
            self.size = size
            self.part = part
        }
    }

    /// From where the log is proved to go on; nil where nothing tells.
    package let since: Point?
    /// By their digests.
    package let leftOut: [Absence]

    package init(since: Point?, leftOut: some Sequence<Absence>) {
        self.since = since
        self.leftOut = leftOut.sorted { $0.digest < $1.digest }
    }

    /// The sum of what is left out, in bytes.
    package var size: Int64 { leftOut.reduce(0) { $0.addingReportingOverflow($1.size).partialValue } }

    /// What the part that says it is called: neither a tag nor a version.
    package static let partName = "+delta"

    private static let form: Int64 = 1
    private static let largestDocument: Int64 = 64 << 20
}

extension BundleDelta {
    /// The canonical bytes.
    var bytes: [UInt8] {
        var members: [String: JSONValue] = ["binderyDelta": .int(Self.form)]
        members["leftOut"] = .array(
            leftOut.map { absence in
                .object([
                    "digest": .string("\(absence.digest)"), "part": .string(absence.part), "size": .int(absence.size),
                ])
            }
        )
        members["since"] = since.map { point in
            .object(["origin": .string(point.origin), "root": .string(point.root.hex), "size": .int(point.size)])
        }
        return CanonicalJSON.encode(.object(members))
    }

    /// The part that says it.
    func source() throws(TransportError) -> MemorySource {
        let document = ImageDocument(mediaType: BundleType.deltaDocument, bytes: bytes)
        var manifest = ImageManifest(config: ReleaseDocuments.config.descriptor, layers: [document.descriptor])
        manifest.artifactType = BundleType.delta
        let root = try ReleaseDocuments.document(MediaType.imageManifest, manifest)
        return MemorySource(index: root, documents: [document, ReleaseDocuments.config])
    }

    /// Reads such a part.
    static func read(_ source: any ImageSource) throws(TransportError) -> BundleDelta {
        let root = try source.root()
        let what = "its root \(root.digest.short)"
        guard let layer = try root.manifest().layers.first else {
            throw .document(what: what, reason: "it has no document of what is left out")
        }
        _ = try source.document(ReleaseDocuments.config.descriptor)
        let bytes = try source.bytes(of: layer, limit: largestDocument)
        guard let delta = BundleDelta(parsing: bytes), try delta.source().index.bytes == root.bytes else {
            throw .document(
                what: what,
                reason: "it isn't written as docs/bundle-format.md says: another program or a later version made it"
            )
        }
        return delta
    }

    /// Nil for what isn't of this form, which ``bytes`` has to equal.
    private init?(parsing bytes: [UInt8]) {
        guard case .object(let members)? = try? JSONValue(parsing: bytes), case .array(let list)? = members["leftOut"]
        else { return nil }
        var absences: [Absence] = []
        for case .object(let members) in list {
            guard case .string(let text)? = members["digest"], let digest = try? Digest(parsing: text),
                case .string(let part)? = members["part"], case .int(let size)? = members["size"], size >= 0
            else { return nil }
            absences.append(Absence(digest: digest, size: size, part: part))
        }
        var since: Point?
        if let value = members["since"] {
            guard case .object(let members) = value, case .string(let origin)? = members["origin"],
                case .string(let root)? = members["root"], let digest = try? Digest(hex: root),
                case .int(let size)? = members["size"], size >= 0
            else { return nil }
            since = Point(origin: origin, size: size, root: digest)
        }
        self.init(since: since, leftOut: absences)
        guard self.bytes == bytes, Set(leftOut.map(\.digest)).count == leftOut.count else { return nil }
    }
}

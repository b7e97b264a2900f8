import ContentAddress
import ImageTransport
import OCI
import Printable

/// What a registry needs of a manifest or an index: which content it names, by digests of any algorithm.
struct ManifestView: Decodable {
    /// A descriptor.
    struct Reference: Decodable {
        let mediaType: String
        let digest: String
        let size: Int64
        let urls: [String]?

        /// Whether it is a manifest's or an index's.
        var isManifest: Bool { MediaType.isManifest(mediaType) || MediaType.isIndex(mediaType) }

        /// Whether the content is elsewhere: nobody pushes it (OCI image specification 1.1, layer.md, "Non-Distributable
        /// Layers").
        var isElsewhere: Bool {
            !(urls ?? []).isEmpty || mediaType.contains(".nondistributable.") || mediaType.contains(".foreign.")
        }
    }

    let mediaType: String?
    let artifactType: String?
    let config: Reference?
    let layers: [Reference]?
    let manifests: [Reference]?
    let subject: Reference?
    let annotations: [String: String]?

    /// Reads a document that says one thing to all readers; nil for a type whose references nobody here knows.
    ///
    /// Throws ``RegistryProblem`` for what is not a document of its type.
    static func reading(_ document: ImageDocument) throws(RegistryProblem) -> ManifestView? {
        let type = document.mediaType
        let isIndex = MediaType.isIndex(type)
        guard isIndex || MediaType.isManifest(type) else { return nil }
        let view: ManifestView
        do throws(OCIError) {
            view = try DocumentReading<ManifestView>.decode(
                document.bytes,
                as: isIndex ? .index : .manifest,
                mediaType: type,
                what: "the manifest"
            )
        } catch {
            throw .invalidManifest("\(error)")
        }
        guard isIndex || view.config != nil else { throw .invalidManifest("a manifest has a config") }
        guard !isIndex || view.manifests != nil else { throw .invalidManifest("an index has manifests") }
        return view
    }

    /// The config and the layers.
    var allContent: [Reference] { (config.map { [$0] } ?? []) + (layers ?? []) }

    /// What is to be here: the config and the layers, but for those that are elsewhere.
    var content: [Reference] { allContent.filter { !$0.isElsewhere } }

    /// How a list of referrers names it (OCI distribution specification 1.1, "Listing Referrers").
    func descriptor(of document: ImageDocument, named name: String) -> JSONValue {
        var members: [String: JSONValue] = [
            "mediaType": .string(document.mediaType), "digest": .string(name),
            "size": .int(Int64(document.bytes.count)),
        ]
        if let type = listedType { members["artifactType"] = .string(type) }
        if let annotations { members["annotations"] = .object(annotations.mapValues { .string($0) }) }
        return .object(members)
    }

    /// The artifact type that a list of referrers tells; an index without one has none.
    var listedType: String? {
        if let artifactType, !artifactType.isEmpty { return artifactType }
        return config?.mediaType
    }
}

package import ContentAddress
import Foundation

/// An image made by hand, honest or not, and the ways to store it that our readers know.
package struct TestImage: Sendable {
    /// A layer: its tar bytes, and what it is stored as.
    package struct Layer: Sendable {
        /// The uncompressed bytes.
        package var tar: [UInt8]
        package var blob: [UInt8]
        /// The blob's media type.
        package var mediaType: String
        /// Annotations of its descriptor.
        package var annotations: [String: JSONValue] = [:]

        /// A plain layer.
        package init(_ tar: [UInt8]) {
            self.tar = tar
            blob = tar
            mediaType = "application/vnd.oci.image.layer.v1.tar"
        }

        /// A layer compressed by a program that reads standard input: `gzip -n`, `zstd -q`.
        package init(_ tar: [UInt8], by command: String, suffix: String) throws {
            self.init(tar)
            blob = try withTemporaryDirectory { directory in
                try Data(tar).write(to: URL(fileURLWithPath: directory + "/in"))
                return try Shell.run("\(command) < in", in: directory).output
            }
            mediaType += suffix
        }
    }

    /// The layers, lowest first.
    package var layers: [Layer] = []
    /// Members of the config's `config`.
    package var execution: [String: JSONValue] = [:]
    /// The platform's os.
    package var os = "linux"
    /// The platform's architecture, in the config.
    package var architecture = "amd64"
    /// The platform's architecture in the index, when it is another.
    package var indexArchitecture: String?
    /// The diffIDs, when they are other than the layers'.
    package var diffIDs: [Digest]?
    /// Annotations of the manifest.
    package var annotations: [String: JSONValue] = [:]
    /// Changes the config's bytes before they are stored, to what no encoder writes.
    package var editConfig: @Sendable (String) -> String = { $0 }
    /// Changes the manifest's bytes before they are stored.
    package var editManifest: @Sendable (String) -> String = { $0 }

    /// An image without layers.
    package init() {}

    /// An image of one plain layer.
    package init(_ build: (inout TarBuilder) -> Void) {
        var builder = TarBuilder()
        build(&builder)
        layers = [Layer(builder.archive)]
    }

    /// Adds a plain layer.
    package mutating func layer(_ build: (inout TarBuilder) -> Void) {
        var builder = TarBuilder()
        build(&builder)
        layers.append(Layer(builder.archive))
    }

    /// The config's bytes.
    package var config: [UInt8] {
        let ids = diffIDs ?? layers.map { Digest.of($0.tar) }
        return edited(
            editConfig,
            [
                "architecture": .string(architecture), "os": .string(os), "config": .object(execution),
                "rootfs": ["type": "layers", "diff_ids": .array(ids.map { .string("\($0)") })],
            ]
        )
    }

    package static func descriptor(_ bytes: [UInt8], _ mediaType: String) -> [String: JSONValue] {
        ["mediaType": .string(mediaType), "digest": .string("\(Digest.of(bytes))"), "size": .int(Int64(bytes.count))]
    }

    /// The manifest's bytes.
    package var manifest: [UInt8] {
        edited(
            editManifest,
            [
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "config": .object(Self.descriptor(config, "application/vnd.oci.image.config.v1+json")),
                "layers": .array(
                    layers.map { layer in
                        var descriptor = Self.descriptor(layer.blob, layer.mediaType)
                        if !layer.annotations.isEmpty { descriptor["annotations"] = .object(layer.annotations) }
                        return .object(descriptor)
                    }
                ),
                "annotations": .object(annotations),
            ]
        )
    }

    private func edited(_ edit: (String) -> String, _ value: JSONValue) -> [UInt8] {
        Array(edit(String(decoding: CanonicalJSON.encode(value), as: UTF8.self)).utf8)
    }

    /// Writes an OCI layout with this image at a tag; further calls add to the layout.
    package func write(layout directory: String, tag: String = "latest") throws {
        try Self.write([self], layout: directory, tag: tag, asIndex: false)
    }

    /// Writes an OCI layout whose one tag is an index of several images.
    package static func write(
        _ images: [TestImage],
        layout directory: String,
        tag: String = "latest",
        asIndex: Bool = true,
        editIndex: (String) -> String = { $0 }
    ) throws {
        var descriptors: [JSONValue] = []
        for image in images {
            for bytes in image.layers.map(\.blob) + [image.config, image.manifest] { try blob(bytes, directory) }
            var descriptor = descriptor(image.manifest, "application/vnd.oci.image.manifest.v1+json")
            descriptor["platform"] = [
                "os": .string(image.os), "architecture": .string(image.indexArchitecture ?? image.architecture),
            ]
            descriptors.append(.object(descriptor))
        }
        if asIndex {
            let plain = CanonicalJSON.encode([
                "schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                "manifests": .array(descriptors),
            ])
            let index = Array(editIndex(String(decoding: plain, as: UTF8.self)).utf8)
            try blob(index, directory)
            descriptors = [.object(descriptor(index, "application/vnd.oci.image.index.v1+json"))]
        }
        descriptors = descriptors.map { descriptor in
            guard case .object(var members) = descriptor else { return descriptor }
            members["annotations"] = ["org.opencontainers.image.ref.name": .string(tag)]
            return .object(members)
        }
        try file("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), directory)
        try file("index.json", CanonicalJSON.encode(["schemaVersion": 2, "manifests": .array(descriptors)]), directory)
    }

    /// The archive that `docker save` of 20.10 writes, with the layers' files under any names.
    package func dockerArchive(tag: String = "test:latest", names: [String]? = nil) -> [UInt8] {
        var archive = TarBuilder()
        let names = names ?? layers.indices.map { "layer\($0)/layer.tar" }
        for (layer, name) in zip(layers, names) { archive.file(name, layer.blob) }
        let configName = "\(Digest.of(config).hex).json"
        archive.file(configName, config)
        let item: JSONValue = [
            "Config": .string(configName), "RepoTags": [.string(tag)], "Layers": .array(names.map { .string($0) }),
        ]
        archive.file("manifest.json", CanonicalJSON.encode(.array([item])))
        return archive.archive
    }

    private static func blob(_ bytes: [UInt8], _ directory: String) throws {
        try file("blobs/sha256/\(Digest.of(bytes).hex)", bytes, directory)
    }

    private static func file(_ name: String, _ bytes: [UInt8], _ directory: String) throws {
        let url = URL(fileURLWithPath: "\(directory)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }
}
